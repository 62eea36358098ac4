import { compareVersions } from './compare-versions.ts'

interface Waiter {
  readonly version: string
  readonly namespace: string | undefined
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Where a copy, or a part of it, is. */
export interface Place {
  readonly namespace: string | undefined
  readonly version: string | undefined
}

/** Those who wait until a copy is as new as something that they know. */
export class VersionWaiters {
  readonly #waiters = new Set<Waiter>()
  readonly #places: () => readonly Place[]

  constructor(places: () => readonly Place[]) {
    this.#places = places
  }

  async wait(version: string, namespace: string | undefined, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (this.#hasReached({ version, namespace })) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { version, namespace, resolve, reject }
    const onAbort = (): void => reject(signal?.reason)
    this.#waiters.add(waiter)
    signal?.addEventListener('abort', onAbort)
    try {
      await promise
    } finally {
      this.#waiters.delete(waiter)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** The copy has moved on. */
  check(): void {
    if (this.#waiters.size === 0) return
    for (const waiter of this.#waiters) if (this.#hasReached(waiter)) waiter.resolve()
  }

  reject(error: unknown): void {
    for (const waiter of this.#waiters) waiter.reject(error)
  }

  #hasReached({ version, namespace }: Pick<Waiter, 'version' | 'namespace'>): boolean {
    return this.#places()
      .filter((place) => namespace === undefined || place.namespace === undefined || place.namespace === namespace)
      .every((place) => place.version !== undefined && (compareVersions(place.version, version) ?? -1) >= 0)
  }
}
