import { Deployment } from './sample-kinds.ts'
import { client } from './client.ts'

const scale = client.resource(Deployment).subresource('scale')
const current = await scale.get('web')
console.log(current.status?.replicas, current.status?.selector)

await scale.patch('web', { merge: { spec: { replicas: 3 } } })
await scale.replace('web', { ...current, spec: { replicas: 3 } })

const custom = client.resource('widgets.example.com').subresource('scale')
await custom.apply('w-1', { spec: { replicas: 2 } }, { force: true })
