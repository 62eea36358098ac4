import { createClient, type KubeObject, type ResourceClient, type ResourceDescriptor } from '@kubeclient/core'
import { ConfigMap, Pod } from '../sample-kinds.ts'
import { client } from '../client.ts'

interface Widget extends KubeObject {
  apiVersion?: 'example.com/v1'
  kind?: 'Widget'
  spec: { size: number }
}

// @ts-expect-error A descriptor of another kind.
client.resource<ConfigMap>(Pod)
// @ts-expect-error The same, by annotation.
const wrong: ResourceClient<ConfigMap> = client.resource(Pod)
const address = { apiVersion: 'example.com/v1', resource: 'widgets' } as const
// @ts-expect-error A descriptor whose kind is not T's.
const Typo: ResourceDescriptor<Widget> = { ...address, kind: 'Wigdet', namespaced: true }
// @ts-expect-error A descriptor says whether the kind is namespaced.
const Half: ResourceDescriptor<Widget> = { ...address, kind: 'Widget' }
// @ts-expect-error A type that is no object of Kubernetes.
client.resource<{ size: number }>('widgets')
// @ts-expect-error The version is part of a reference.
client.resource({ kind: 'Widget' })
// @ts-expect-error The type is a type, not a reference.
client.resource(Widget)
// @ts-expect-error An eviction is only created.
await client.resource(Pod).subresource('eviction').get('p')
// @ts-expect-error A status is never created.
await client.resource(Pod).subresource('status').create('p', {})
const scale = client.resource(Pod).subresource('scale')
// @ts-expect-error A scale has replicas.
await scale.patch('p', { merge: { spec: { size: 3 } } })
// @ts-expect-error No server.
createClient({ namespace: 'default' })
// @ts-expect-error Unknown option: credentials, in our words.
createClient({ server: 'https://api', auth: { token: 'x' } })
// @ts-expect-error A token is an object's field, so that it can have an expiry.
createClient({ server: 'https://api', credentials: 'abc' })
// @ts-expect-error Milliseconds in timeouts, not a number for all of them.
createClient({ server: 'https://api', timeouts: 30_000 })
// @ts-expect-error `true` is no retry policy; leave it out.
createClient({ server: 'https://api', retry: true })
