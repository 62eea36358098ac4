import type { KubeObject, Stored } from '@kubeclient/core'
import type { Indexer } from './informer.ts'

/** Finds objects by keys that a function says. */
export class ObjectIndex<T extends KubeObject> {
  readonly #keysOf: Indexer<T>
  readonly #entries = new Map<string, Set<Stored<T>>>()

  constructor(keysOf: Indexer<T>) {
    this.#keysOf = keysOf
  }

  add(object: Stored<T>): void {
    for (const key of this.#keysOf(object)) {
      const found = this.#entries.get(key)
      if (found === undefined) this.#entries.set(key, new Set([object]))
      else found.add(object)
    }
  }

  remove(object: Stored<T>): void {
    for (const key of this.#keysOf(object)) {
      const found = this.#entries.get(key)
      found?.delete(object)
      if (found?.size === 0) this.#entries.delete(key) // else keys that never come again would pile up
    }
  }

  get(key: string): ReadonlySet<Stored<T>> {
    return this.#entries.get(key) ?? new Set()
  }
}
