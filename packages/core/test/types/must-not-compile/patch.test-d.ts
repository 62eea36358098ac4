import { ConfigMap, Pod } from '../sample-kinds.ts'
import { Deployment } from '../sample-kinds.ts'
import { client } from '../client.ts'

const deployments = client.resource(Deployment)

// @ts-expect-error The kind of patch must be said: a bare object is none of the three.
await deployments.patch('web', { spec: { replicas: 3 } })
// @ts-expect-error Two kinds at once: which one should be sent?
await deployments.patch('web', { merge: { spec: { replicas: 3 } }, json: [] })
// @ts-expect-error No patch at all.
await deployments.patch('web', {})
// @ts-expect-error A field that the kind does not have.
await deployments.patch('web', { merge: { spec: { replicsa: 3 } } })
// @ts-expect-error A value of the wrong type.
await deployments.patch('web', { merge: { metadata: { labels: { a: 'b' } }, spec: { replicas: '3' } } })
// @ts-expect-error A merge patch replaces the whole list, so an element must be complete (name is missing).
await deployments.patch('web', { merge: { spec: { template: { spec: { containers: [{ image: 'nginx' }] } } } } })
// @ts-expect-error A directive of strategic patches in a merge patch would be stored as a field.
await deployments.patch('web', { merge: { spec: { $patch: 'replace' } } })
// @ts-expect-error `test` needs a value.
await deployments.patch('web', { json: [{ op: 'test', path: '/spec/replicas' }] })
// @ts-expect-error `increment` is no JSON patch operation.
await deployments.patch('web', { json: [{ op: 'increment', path: '/spec/replicas', value: 1 }] })
// @ts-expect-error `force` belongs to apply.
await deployments.patch('web', { merge: {} }, { force: true })
// @ts-expect-error ConfigMaps have no spec.
await client.resource(ConfigMap).patch('c', { merge: { spec: {} } })
const metadata = client.resource(Pod).metadata()
// @ts-expect-error Metadata clients patch metadata only.
await metadata.patch('p', { merge: { spec: { nodeName: 'n1' } } })
