import type { Backend } from './backend.ts'
import type { ApiObject, Metadata } from './json.ts'
import { qualifiedPlural } from './resource-type.ts'
import { storeKey } from './store.ts'

/**
 * What the garbage collector does after a deletion: dependents go with their last owner, or are set free, and the finalizer
 * that waited for this is taken off.
 */
export function collectDependents(backend: Backend, { apiVersion, kind, metadata: owner }: ApiObject): void {
  const type = backend.catalogue.byKind(apiVersion, kind)
  if (type === undefined || owner.uid === undefined) return
  const [collection, key] = [qualifiedPlural(type), storeKey(owner.namespace, owner.name)]
  const now = backend.store.get(collection, key)
  const waiting = now?.metadata.uid === owner.uid ? now : undefined
  const orphans = waiting?.metadata.finalizers?.includes('orphan') === true
  const isForeground = waiting?.metadata.finalizers?.includes('foregroundDeletion') === true
  // Marked, but held by somebody else's finalizer: in the background, dependents outlive their owner.
  if (waiting !== undefined && !orphans && !isForeground) return

  for (const dependent of dependentsOf(backend, owner.uid)) release(backend, dependent, owner.uid, orphans)
  if (waiting !== undefined) finish(backend, collection, key, waiting)
}

interface Dependent {
  readonly collection: string
  readonly object: ApiObject
}

function dependentsOf({ store, catalogue }: Backend, uid: string): Dependent[] {
  const collections = new Set(catalogue.all().map(qualifiedPlural))
  return [...collections].flatMap((collection) =>
    store
      .list(collection)
      .filter(({ metadata }) => ownersOf(metadata).some((owner) => owner.uid === uid))
      .map((object) => ({ collection, object })),
  )
}

function release(backend: Backend, { collection, object }: Dependent, uid: string, orphans: boolean): void {
  const { metadata } = object
  const key = storeKey(metadata.namespace, metadata.name)
  const others = ownersOf(metadata).filter((owner) => owner.uid !== uid)
  if (!orphans && others.length === 0 && (metadata.finalizers ?? []).length === 0) {
    backend.store.remove(collection, key)
    collectDependents(backend, object)
    return
  }
  const { ownerReferences: _, ...rest } = metadata
  const kept: Metadata = others.length === 0 ? rest : { ...rest, ownerReferences: others }
  backend.store.put(collection, key, { ...object, metadata: kept })
}

function finish({ store }: Backend, collection: string, key: string, object: ApiObject): void {
  const { finalizers: before = [], ...rest } = object.metadata
  const finalizers = before.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion')
  if (finalizers.length === 0 && (rest.deletionGracePeriodSeconds ?? 0) === 0) store.remove(collection, key)
  else store.put(collection, key, { ...object, metadata: finalizers.length === 0 ? rest : { ...rest, finalizers } })
}

function ownersOf(metadata: Metadata): readonly { readonly uid?: unknown }[] {
  const owners = metadata['ownerReferences']
  return Array.isArray(owners) ? owners.filter((owner) => typeof owner === 'object' && owner !== null) : []
}
