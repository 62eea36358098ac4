import { Service, type ServicePort } from '@kubeclient/resources/core/v1'
import { client } from './client.ts'

const services = client.resource(Service)
await services.create({
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }], type: 'ClusterIP' },
})

const extra: ServicePort = { name: 'metrics', port: 9090, protocol: 'TCP', targetPort: 9090 }
await services.patch('web', { merge: { spec: { type: 'LoadBalancer', externalTrafficPolicy: null } } })
await services.patch('web', { strategic: { spec: { ports: [extra, { port: 80, $patch: 'delete' }] } } })
const patched = await services.patch('web', { json: [{ op: 'add', path: '/spec/ports/-', value: extra }] })

const addresses: string[] = (patched.status?.loadBalancer?.ingress ?? []).flatMap(
  ({ ip, hostname }) => ip ?? hostname ?? [],
)
console.log(addresses, patched.spec?.clusterIP)
