import type { KubeList, KubeObject, ResourceDescriptor, Stored } from '@kubeclient/core'
import { type Condition, defineResource, type ObjectMeta, type OwnerReference } from '@kubeclient/resources'
import { ConfigMap, Pod } from '@kubeclient/resources/core/v1'
import { client } from './client.ts'

/** Works for every kind. */
async function namesOf<T extends KubeObject>(kind: ResourceDescriptor<T>): Promise<string[]> {
  const list: KubeList<Stored<T>> = await client.resource(kind).list()
  return list.items.map((item) => item.metadata.name)
}
console.log(await namesOf(Pod), await namesOf(ConfigMap))

interface Backup extends KubeObject {
  apiVersion?: 'example.com/v1'
  kind?: 'Backup'
  metadata?: ObjectMeta
  spec: { schedule: string }
  status?: { conditions?: Condition[] }
}
const Backup = defineResource<Backup>({
  apiVersion: 'example.com/v1',
  kind: 'Backup',
  resource: 'backups',
  namespaced: true,
})
const backup = await client.resource(Backup).create({ metadata: { name: 'nightly' }, spec: { schedule: '0 3 * * *' } })
const ready: boolean | undefined = backup.status?.conditions?.some(
  ({ type, status }) => type === 'Ready' && status === 'True',
)

const { apiVersion, kind, metadata } = backup
const owner: OwnerReference = { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }
await client.resource(ConfigMap).create({ metadata: { name: 'nightly', ownerReferences: [owner] }, data: { a: '1' } })
console.log(ready, await namesOf(Backup))
