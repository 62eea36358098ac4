import { InvalidRequestError } from '@kubeclient/core/spec'
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
  readonly #places: readonly Place[]

  constructor(places: readonly Place[]) {
    this.#places = places
  }

  /** @throws {@link InvalidRequestError} for what no copy will ever be at */
  async wait(version: string, namespace: string | undefined, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    this.#check(version, namespace)
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

  /** What a dry run has stored, for example, has no version. */
  #check(version: string, namespace: string | undefined): void {
    if (typeof version !== 'string' || version === '' || version === '0') {
      throw new InvalidRequestError(`${JSON.stringify(version)} is no version to wait for: that of a stored object is`)
    }
    if (this.#places.some((place) => isOf(place, namespace))) return
    throw new InvalidRequestError(`${JSON.stringify(namespace)} is not among the namespaces that the informer watches`)
  }

  /** Runs for every event while somebody waits. */
  #hasReached({ version, namespace }: Pick<Waiter, 'version' | 'namespace'>): boolean {
    for (const place of this.#places) if (isOf(place, namespace) && !isAt(place, version)) return false
    return true
  }
}

function isOf(place: Place, namespace: string | undefined): boolean {
  return namespace === undefined || place.namespace === undefined || place.namespace === namespace
}

function isAt({ version: present }: Place, version: string): boolean {
  return present !== undefined && (compareVersions(present, version) ?? -1) >= 0
}
