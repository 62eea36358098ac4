import { ConfigMap, Pod } from '../sample-kinds.ts'
import { Deployment } from '../sample-kinds.ts'
import { client } from '../client.ts'

const pods = client.resource(Pod)
const containers = [{ name: 'main', image: 'busybox' }]

// @ts-expect-error replace needs metadata.name.
await pods.replace({ spec: { containers } })
// @ts-expect-error apply needs metadata.name; a generated name cannot be applied.
await pods.apply({ metadata: { generateName: 'p-' }, spec: { containers } })
// @ts-expect-error `force` is an option of apply; create takes nothing over.
await pods.create({ metadata: { name: 'p' }, spec: { containers } }, { force: true })
// @ts-expect-error dryRun is a boolean; 'All' is the wire's word.
await pods.create({ metadata: { name: 'p' }, spec: { containers } }, { dryRun: 'All' })
// @ts-expect-error An object of another kind.
await pods.create({ kind: 'ConfigMap', metadata: { name: 'p' } })
// @ts-expect-error A container needs a name.
await pods.create({ metadata: { name: 'p' }, spec: { containers: [{ image: 'busybox' }] } })
// @ts-expect-error A field that pods do not have.
await pods.create({ metadata: { name: 'p' }, data: {} })
// @ts-expect-error A deployment needs a selector to be created.
await client.resource(Deployment).create({ metadata: { name: 'd' }, spec: { template: {} } })
// @ts-expect-error Apply takes a part of the object, but not another type of it.
await client.resource(Deployment).apply({ metadata: { name: 'd' }, spec: { replicas: 'three' } })
// @ts-expect-error Apply: a field that deployments do not have.
await client.resource(Deployment).apply({ metadata: { name: 'd' }, spec: { replicsa: 3 } })
const map: ConfigMap = { metadata: { name: 'c' }, data: {} }
// @ts-expect-error A variable of another kind: the literal `kind` tells all-optional types apart.
await pods.create(map)
// @ts-expect-error A whole manifest names its kind.
await client.create({ metadata: { name: 'c' }, data: {} })
// @ts-expect-error A manifest to apply has a name.
await client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'c-' } })
