import { timestamp, type Backend } from './backend.ts'
import type { ApiObject } from './json.ts'
import { qualifiedPlural } from './resource-type.ts'
import { storeKey } from './store.ts'

/** What the namespace controller does: deletes all that is in a namespace, and then the namespace. Objects with finalizers hold it. */
export function emptyNamespace(backend: Backend, name: string): void {
  const namespace = backend.store.get('namespaces', name)
  if (namespace?.metadata.deletionTimestamp === undefined) return
  const namespaced = backend.catalogue.all().filter((type) => type.namespaced)
  const collections = new Set(namespaced.map(qualifiedPlural))
  for (const collection of collections) {
    for (const object of backend.store.list(collection)) {
      if (object.metadata.namespace === name) deleteContent(backend, collection, object)
    }
  }
  const rest = [...collections].some((collection) =>
    backend.store.list(collection).some(({ metadata }) => metadata.namespace === name),
  )
  if (!rest && (namespace.metadata.finalizers ?? []).length === 0) backend.store.remove('namespaces', name)
}

/** Finishes namespaces that waited for an object which is gone now. */
export function finishNamespaces(backend: Backend): void {
  for (const { metadata } of backend.store.list('namespaces')) {
    if (metadata.deletionTimestamp !== undefined) emptyNamespace(backend, metadata.name)
  }
}

function deleteContent({ store, now }: Backend, collection: string, object: ApiObject): void {
  const { metadata } = object
  const key = storeKey(metadata.namespace, metadata.name)
  if ((metadata.finalizers ?? []).length === 0) {
    store.remove(collection, key)
  } else if (metadata.deletionTimestamp === undefined) {
    const marks = { deletionTimestamp: timestamp(now()), deletionGracePeriodSeconds: 0 }
    store.put(collection, key, { ...object, metadata: { ...metadata, ...marks } })
  }
}
