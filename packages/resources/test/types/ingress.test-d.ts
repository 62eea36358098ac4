import { Ingress, type IngressRule } from '@kubeclient/resources/networking/v1'
import { client } from './client.ts'

const rule = (host: string, service: string): IngressRule => ({
  host,
  http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { name: 'http' } } } }] },
})
const ingresses = client.resource(Ingress)
const ingress = await ingresses.create({
  metadata: { name: 'shop', annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' } },
  spec: {
    ingressClassName: 'nginx',
    rules: [rule('shop.example.com', 'web')],
    tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }],
  },
})
const rules = [...(ingress.spec?.rules ?? []), rule('www.shop.example.com', 'web')]
await ingresses.replace({ ...ingress, spec: { ...ingress.spec, rules } })
console.log(ingress.status?.loadBalancer?.ingress?.map(({ ip, hostname }) => hostname ?? ip))
