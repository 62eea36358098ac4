import type { KubeObject, Stored } from '@kubeclient/core'
import { InvalidRequestError } from '@kubeclient/core/spec'
import type { Indexer, InformerChange } from './informer.ts'
import { matchLabels } from './match-labels.ts'
import { ObjectIndex } from './object-index.ts'

/** What {@link ObjectStore.select} looks for. All must match. */
export interface Filter {
  readonly index?: Readonly<Record<string, string | undefined>> | undefined
  readonly labelSelector?: string | undefined
  readonly namespace?: string | undefined
}

/** Objects by namespace and name, and in indexes. Each change says what it was, so that others can be told. */
export class ObjectStore<T extends KubeObject> {
  readonly #namespaces = new Map<string, Map<string, Stored<T>>>()
  readonly #indexes = new Map<string, ObjectIndex<T>>()

  addIndex(name: string, indexer: Indexer<T>): void {
    if (this.#indexes.has(name)) throw new InvalidRequestError(`there is an index ${JSON.stringify(name)} already`)
    if (typeof indexer !== 'function')
      throw new InvalidRequestError(`the index ${JSON.stringify(name)} has no function that gives keys`)
    const index = new ObjectIndex(indexer)
    for (const object of this.values()) index.add(object)
    this.#indexes.set(name, index)
  }

  get(name: string, namespace = ''): Stored<T> | undefined {
    return this.#namespaces.get(namespace)?.get(name)
  }

  *values(): Generator<Stored<T>, void, undefined> {
    for (const objects of this.#namespaces.values()) yield* objects.values()
  }

  select({ index = {}, labelSelector, namespace }: Filter): Stored<T>[] {
    const [first, ...others] = this.#entries(index)
    const matches = labelSelector === undefined ? undefined : matchLabels(labelSelector)
    const found: Stored<T>[] = []
    for (const object of first ?? this.#within(namespace)) {
      const { metadata } = object
      if (namespace !== undefined && (metadata.namespace ?? '') !== namespace) continue
      if (matches !== undefined && !matches(metadata.labels ?? {})) continue
      if (others.every((entry) => entry.has(object))) found.push(object)
    }
    return found
  }

  /** What an ADDED or MODIFIED event says. Nothing for what is there already. */
  put(object: Stored<T>): InformerChange<Stored<T>>[] {
    const previous = this.get(object.metadata.name, object.metadata.namespace)
    if (previous === undefined) {
      this.#insert(object)
      return [{ type: 'added', object }]
    }
    if (isSame(previous, object)) return []
    for (const index of this.#indexes.values()) index.remove(previous)
    this.#insert(object) // in its place
    if (previous.metadata.uid === object.metadata.uid) return [{ type: 'updated', object, previous }]
    return [
      { type: 'deleted', object: previous, finalStateUnknown: true },
      { type: 'added', object },
    ]
  }

  /** What a DELETED event says, with the last state of the object. Nothing for what is not there. */
  remove(object: Stored<T>): InformerChange<Stored<T>>[] {
    const previous = this.get(object.metadata.name, object.metadata.namespace)
    if (previous === undefined) return []
    this.#drop(previous)
    const isOther = previous.metadata.uid !== object.metadata.uid
    return [{ type: 'deleted', object: isOther ? previous : object, finalStateUnknown: isOther }]
  }

  /** The whole of a namespace, or of all: what is not among these objects is gone. */
  replace(objects: Iterable<Stored<T>>, namespace?: string): InformerChange<Stored<T>>[] {
    const gone = new Set(this.#within(namespace))
    const changes: InformerChange<Stored<T>>[] = []
    for (const object of objects) {
      const previous = this.get(object.metadata.name, object.metadata.namespace)
      if (previous !== undefined) gone.delete(previous)
      for (const change of this.put(object)) changes.push(change)
    }
    for (const object of gone) {
      this.#drop(object)
      changes.push({ type: 'deleted', object, finalStateUnknown: true })
    }
    return changes
  }

  #within(namespace: string | undefined): Iterable<Stored<T>> {
    return namespace === undefined ? this.values() : (this.#namespaces.get(namespace)?.values() ?? [])
  }

  #entries(wanted: Readonly<Record<string, string | undefined>>): ReadonlySet<Stored<T>>[] {
    const entries: ReadonlySet<Stored<T>>[] = []
    for (const [name, key] of Object.entries(wanted)) {
      const index = this.#indexes.get(name)
      if (index === undefined) throw new InvalidRequestError(`there is no index ${JSON.stringify(name)}`)
      if (key !== undefined) entries.push(index.get(key))
    }
    return entries
  }

  #insert(object: Stored<T>): void {
    const { name, namespace = '' } = object.metadata
    const objects = this.#namespaces.get(namespace)
    if (objects === undefined) this.#namespaces.set(namespace, new Map([[name, object]]))
    else objects.set(name, object)
    for (const index of this.#indexes.values()) index.add(object)
  }

  #drop(object: Stored<T>): void {
    const { name, namespace = '' } = object.metadata
    const objects = this.#namespaces.get(namespace)
    objects?.delete(name)
    if (objects?.size === 0) this.#namespaces.delete(namespace)
    for (const index of this.#indexes.values()) index.remove(object)
  }
}

/** Versions first: they mostly differ, and uids are long and equal. */
function isSame({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean {
  return a?.resourceVersion === b?.resourceVersion && a?.resourceVersion !== undefined && a.uid === b?.uid
}
