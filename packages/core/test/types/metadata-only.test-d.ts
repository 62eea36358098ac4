import { allNamespaces } from '@kubeclient/core'
import { client } from './client.ts'

const secrets = client.resource('secrets', { namespace: allNamespaces }).metadata()
for await (const { metadata } of secrets.items({ labelSelector: 'owner=helm' }))
  console.log(metadata.namespace, metadata.name)
await secrets.patch('old', { merge: { metadata: { labels: { keep: null } } } }, { namespace: 'default' })
