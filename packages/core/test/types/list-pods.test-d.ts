import { allNamespaces } from '@kubeclient/core'
import { client } from './client.ts'
import { Pod } from './sample-kinds.ts'

for await (const pod of client.resource(Pod, { namespace: allNamespaces }).items({ labelSelector: 'app=web' })) {
  const { name, namespace } = pod.metadata
  console.log(`${namespace}/${name}`, pod.status?.phase ?? 'Unknown', pod.metadata.labels?.['app'])
}

// One request, and the untyped reference.
const { items, metadata } = await client.resource('pods').list({ namespace: process.env['NAMESPACE'], limit: 10 })
console.log(
  items.map((pod) => pod.metadata.name),
  metadata.continue,
)
