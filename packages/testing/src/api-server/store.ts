import type { ApiObject } from './json.ts'

/** One write. No two have the same version. */
export interface StoreEvent {
  readonly revision: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** Qualified plural: the objects of all versions of a kind are together. */
  readonly collection: string
  readonly key: string
  readonly object: ApiObject
  readonly previous: ApiObject | undefined
}

/** Objects by collection and key, with one counter of versions for all and the history that watches and pages need. */
export interface Store {
  /** The version of the last write. */
  revision(): number
  /** History starts after this version. */
  compactedRevision(): number
  get(collection: string, key: string): ApiObject | undefined
  /** In the order of keys. With `at`: as it was at that version, which must not be compacted. */
  list(collection: string, at?: number): ApiObject[]
  put(collection: string, key: string, object: ApiObject): ApiObject
  /** Returns the last state, with the version of the deletion. */
  remove(collection: string, key: string): ApiObject | undefined
  /** Whether somebody who has seen everything up to `revision` can see everything after it. */
  remembersSince(revision: number): boolean
  /** The write that made version `revision`, if it has happened and is not compacted. */
  eventAt(revision: number): StoreEvent | undefined
  /** Calls back after every write, and after a compaction. Returns the function that ends it. */
  subscribe(listener: () => void): () => void
  /** Forgets the history up to now. */
  compact(): void
}

export interface StoreOptions {
  /** Writes to remember; older ones are compacted. @defaultValue 100_000 */
  readonly maxHistory?: number | undefined
}

export function createStore({ maxHistory = 100_000 }: StoreOptions = {}): Store {
  const collections = new Map<string, Map<string, ApiObject>>()
  const listeners = new Set<() => void>()
  let history: StoreEvent[] = []
  let revision = 1
  let compacted = 1
  let firstKnown = 2

  const collectionOf = (name: string): Map<string, ApiObject> => {
    const found = collections.get(name) ?? new Map<string, ApiObject>()
    collections.set(name, found)
    return found
  }

  const notify = (): void => {
    for (const listener of listeners) listener()
  }

  const record = (event: StoreEvent): void => {
    history.push(event)
    // Cut in halves: a slice per write would cost as much as the whole history each time.
    if (history.length > maxHistory * 2) {
      history = history.slice(-maxHistory)
      compacted = event.revision - maxHistory
      firstKnown = compacted + 1
    }
    notify()
  }

  const stateAt = (name: string, at: number): Map<string, ApiObject> => {
    const state = new Map(collectionOf(name))
    for (let index = history.length - 1; index >= 0; index -= 1) {
      const event = history[index]
      if (event === undefined || event.revision <= at) break
      if (event.collection !== name) continue
      if (event.previous === undefined) state.delete(event.key)
      else state.set(event.key, event.previous)
    }
    return state
  }

  return {
    revision: () => revision,
    compactedRevision: () => compacted,
    get: (collection, key) => collectionOf(collection).get(key),
    list(collection, at) {
      const state = at === undefined || at >= revision ? collectionOf(collection) : stateAt(collection, at)
      return [...state].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object)
    },
    put(collection, key, object) {
      const objects = collectionOf(collection)
      const previous = objects.get(key)
      revision += 1
      const stored = withRevision(object, revision)
      objects.set(key, stored)
      const type = previous === undefined ? 'ADDED' : 'MODIFIED'
      record({ revision, type, collection, key, object: stored, previous })
      return stored
    },
    remove(collection, key) {
      const objects = collectionOf(collection)
      const previous = objects.get(key)
      if (previous === undefined) return undefined
      revision += 1
      objects.delete(key)
      const object = withRevision(previous, revision)
      record({ revision, type: 'DELETED', collection, key, object, previous })
      return object
    },
    remembersSince: (seen) => seen + 1 >= firstKnown,
    eventAt(wanted) {
      const first = history[0]
      return first === undefined ? undefined : history[wanted - first.revision]
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    compact() {
      history = []
      // As if somebody else had written: also the version that clients saw last is then in the past.
      revision += 1
      compacted = revision
      firstKnown = revision
      notify()
    },
  }
}

/** `namespace/name`, or the name alone: the order of these keys is the order of lists. */
export function storeKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}

function withRevision(object: ApiObject, revision: number): ApiObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
}
