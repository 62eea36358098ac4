import {
  isConflict,
  type KubeObject,
  type NamedObject,
  type ResourceClient,
  type ResourceReader,
  type Stored,
} from '@kubeclient/core'
import { Deployment } from './sample-kinds.ts'
import { ConfigMap, Pod } from './sample-kinds.ts'
import { client } from './client.ts'

/** Reads, changes and replaces until nobody else was faster. */
export async function update<T extends KubeObject>(
  resource: ResourceClient<T>,
  name: string,
  change: (object: Stored<T>) => void,
): Promise<Stored<T>> {
  for (;;) {
    const object = await resource.get(name)
    change(object)
    try {
      return await resource.replace(object)
    } catch (error) {
      if (!isConflict(error)) throw error
    }
  }
}

export async function label<T extends KubeObject>(
  resource: ResourceClient<T>,
  name: string,
  key: string,
): Promise<Stored<T>> {
  return await resource.patch(name, { merge: { metadata: { labels: { [key]: 'yes' } } } })
}

/** What is desired is whole; apply takes a `T` as well as a part of one. */
export async function ensure<T extends KubeObject>(
  resource: ResourceClient<T>,
  desired: T & NamedObject,
): Promise<Stored<T>> {
  return (await resource.find(desired.metadata.name)) ?? (await resource.apply(desired))
}

/** Of any kind: no type parameter needed. */
export async function names(reader: ResourceReader<KubeObject>): Promise<string[]> {
  return (await reader.list()).items.map((object) => object.metadata.name)
}
const drop = (resource: ResourceClient<KubeObject>): Promise<unknown> =>
  resource.deleteCollection({ labelSelector: 'tmp' })

await update(client.resource(Deployment), 'web', (web) => void (web.spec = { ...web.spec!, replicas: 2 }))
await ensure(client.resource(ConfigMap), { metadata: { name: 'settings' }, data: { level: 'info' } })
await label(client.resource(ConfigMap), 'settings', 'seen')
for (const kind of [Pod, Deployment, ConfigMap]) {
  const resource = client.resource<KubeObject>(kind)
  console.log(await names(resource), await names(resource.metadata()), await drop(resource))
}
console.log(await names(client.resource(Pod)), await drop(client.resource(Pod)))
