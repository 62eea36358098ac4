import { client } from './client.ts'

interface Spec {
  replicas: number
}
const things = client.resource('things.example.com')
const thing = await things.get('one')
const spec = thing['spec'] as Spec // unknown until you say what it is
thing['spec'] = { ...spec, replicas: spec.replicas + 1 }
const stored = await things.replace(thing) // unknown fields survive
console.log(stored.metadata.resourceVersion, Object.keys(stored))

await things.create({ metadata: { name: 'two' }, spec: { replicas: 1 }, anything: ['goes'] })
await things.patch('two', { merge: { spec: { replicas: 2 }, anything: null } })
