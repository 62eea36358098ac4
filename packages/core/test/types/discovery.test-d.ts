import { allNamespaces } from '@kubeclient/core'
import { client } from './client.ts'

if (await client.discovery.has({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' }))
  console.log('has gateways')

for (const info of await client.discovery.resources({ verb: 'list', namespaced: true })) {
  const { items } = await client.resource(info, { namespace: allNamespaces }).metadata().list({ limit: 1 })
  console.log(
    info.apiVersion,
    info.kind,
    items.length,
    info.subresources.map(({ name }) => name),
  )
}
