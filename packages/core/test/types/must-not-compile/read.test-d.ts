import { allNamespaces } from '@kubeclient/core'
import { Pod } from '../sample-kinds.ts'
import { client } from '../client.ts'

const pods = client.resource(Pod)

// @ts-expect-error No name.
await pods.get()
// @ts-expect-error The namespace is an option, not a second name.
await pods.get('p', 'default')
// @ts-expect-error One object lives in one namespace.
await pods.get('p', { namespace: allNamespaces })
// @ts-expect-error An option that does not exist: labelSelector, singular.
await pods.list({ labelSelectors: 'app=web' })
// @ts-expect-error Selectors are strings.
await pods.list({ labelSelector: { app: 'web' } })
// @ts-expect-error One page is `list({ limit })`; pages have a size.
pods.pages({ limit: 10 })
// @ts-expect-error Times carry their unit: timeoutMs.
await pods.list({ timeout: 10 })
// @ts-expect-error An unnamed policy.
pods.items({ onExpired: 'ignore' })
// @ts-expect-error find may find nothing.
;(await pods.find('p')).metadata
// @ts-expect-error spec is optional in the schema, whatever the server stored.
;(await pods.get('p')).spec.containers
// @ts-expect-error Unknown fields of a typed kind: give it a type of your own.
;(await pods.get('p')).metadata.clusterName
const thing = await client.resource('things.example.com').get('one')
// @ts-expect-error A field of an untyped kind is read by index, and is unknown.
thing['spec'].replicas
// @ts-expect-error The same, by name.
thing.spec
// @ts-expect-error Metadata clients do not create.
await pods.metadata().create({ metadata: { name: 'p' } })
