import type { Client } from '@kubeclient/core'
import { Workflow } from '../fixtures/generated/argoproj.io/v1alpha1.ts'
import { Certificate, type CertificateSpec } from '../fixtures/generated/cert-manager.io/v1.ts'
import { ExternalSecret } from '../fixtures/generated/external-secrets.io/v1.ts'
import { GatewayClass, HTTPRoute } from '../fixtures/generated/gateway.networking.k8s.io/v1.ts'
import { NodePool } from '../fixtures/generated/karpenter.sh/v1.ts'
import { ScaledObject } from '../fixtures/generated/keda.sh/v1alpha1.ts'
import { ClusterPolicy, Report } from '../fixtures/generated/kyverno.io/v1.ts'
import { ServiceMonitor } from '../fixtures/generated/monitoring.coreos.com/v1.ts'
import { Cluster } from '../fixtures/generated/postgresql.cnpg.io/v1.ts'

declare const client: Client
const metadata = { name: 'a' }

const spec: CertificateSpec = {
  secretName: 'a-tls',
  issuerRef: { name: 'ca', kind: 'ClusterIssuer' },
  usages: ['signing'],
}
const certificate = await client.resource(Certificate).create({ metadata, spec })
const ready: boolean | undefined = certificate.status?.conditions?.some(
  ({ type, status }) => type === 'Ready' && status === 'True',
)
// @ts-expect-error A Certificate has a secret and an issuer.
await client.resource(Certificate).create({ metadata, spec: { dnsNames: ['example.com'] } })
// @ts-expect-error `issuer` is no field.
await client.resource(Certificate).patch('a', { merge: { spec: { issuer: { name: 'ca' } } } })

const route = await client.resource(HTTPRoute).get('a')
const [backend] = route.spec.rules?.[0]?.backendRefs ?? []
await client
  .resource(HTTPRoute)
  .replace({ ...route, status: { parents: [{ controllerName: 'a', parentRef: { name: 'b' } }] } })
// @ts-expect-error A port is a number.
await client.resource(HTTPRoute).apply({ metadata, spec: { parentRefs: [{ name: 'gateway', port: 'http' }] } })

const { parametersRef } = (await client.resource(GatewayClass).get('a')).spec
// @ts-expect-error It may be absent, or null.
console.log(parametersRef.name)
await client.resource(GatewayClass).create({ metadata, spec: { controllerName: 'example.com/c', parametersRef: null } })
// @ts-expect-error The definition requires metadata.
await client.resource(GatewayClass).create({ spec: { controllerName: 'example.com/c' } })

const workflow = await client.resource(Workflow).create({
  metadata: { generateName: 'build-' },
  spec: {
    arguments: {
      parameters: [
        { name: 'text', value: 'a' },
        { name: 'number', value: 3 },
        { name: 'list', value: ['a'] },
      ],
    },
    retryStrategy: { limit: '3', backoff: { factor: 2 } },
    templates: [
      { steps: [[{ name: 'a', inline: { container: { image: 'busybox' } } }]], container: { image: 'busybox' } },
    ],
    volumeClaimTemplates: [{ metadata: { name: 'work' }, spec: { accessModes: ['ReadWriteOnce'] } }],
  },
})
const children: string[] | undefined = workflow.status?.nodes?.['a']?.children
const unknownField: unknown = workflow.status?.['storedTemplates']
// @ts-expect-error What may be anything is unknown.
console.log(workflow.spec.arguments?.parameters?.[0]?.value.length)

await client.resource(ServiceMonitor).create({
  metadata,
  spec: { selector: { matchLabels: { app: 'a' } }, endpoints: [{ targetPort: 9090, params: { 'match[]': ['up'] } }] },
})
await client.resource(NodePool).create({
  metadata,
  spec: {
    limits: { cpu: 100, memory: '400Gi' },
    template: { spec: { requirements: [{ key: 'kubernetes.io/arch', operator: 'Exists' }] } },
  },
})
await client
  .resource(NodePool)
  .subresource('scale')
  .patch('a', { merge: { spec: { replicas: 2 } } })
await client.resource(ExternalSecret).apply({ metadata, spec: { data: [{ secretKey: 'a', remoteRef: { key: 'b' } }] } })
await client.resource(ScaledObject).create({
  metadata,
  spec: { scaleTargetRef: { name: 'web' }, triggers: [{ type: 'cron', metadata: { start: '0 8 * * *' } }] },
})
await client.resource(ClusterPolicy).create({
  metadata,
  spec: { rules: [{ name: 'labels', validate: { pattern: { metadata: { labels: { app: '?*' } } } } }] },
})
const report: unknown = (await client.resource(Report).get('a'))['results']
await client.resource(Cluster).create({ metadata, spec: { instances: 3, storageClass: { name: 'fast' } } })
// @ts-expect-error A Report is no Cluster.
await client.resource(Cluster).create(await client.resource(Report).get('a'))
console.log(ready, backend?.weight, children, unknownField, report)
