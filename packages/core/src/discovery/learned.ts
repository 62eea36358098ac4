import { discover, type FetchDocument, type Snapshot } from './discover.ts'
import type { SnapshotStore } from './snapshot-store.ts'

/** What was learned is believed for this long; then the server is asked whether it still stands, by ETag. */
const freshMs = 600_000

export interface LearnedOptions {
  readonly fetch: FetchDocument
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly store?: SnapshotStore | undefined
}

/** The present snapshot of what a server serves: loaded at the first need, and by one set of requests for all who wait. */
export class Learned {
  readonly #options: LearnedOptions
  #snapshot: Snapshot | undefined
  #at = 0
  #begun = 0
  #loading: Promise<Snapshot> | undefined

  constructor(options: LearnedOptions) {
    this.#options = options
  }

  /** How many loads have begun: one that has begun before may not see what its caller knows. */
  get begun(): number {
    return this.#begun
  }

  get snapshot(): Snapshot | undefined {
    return this.#snapshot
  }

  /** As it is known, after asking the server if that is old. An old snapshot is better than none when it does not answer. */
  async current(): Promise<Snapshot> {
    const known = this.#snapshot ?? (await this.#restore())
    if (known === undefined) return this.reload()
    if (this.#options.now() - this.#at < freshMs) return known
    return this.reload().catch(() => known)
  }

  /** As the server says now. */
  reload(): Promise<Snapshot> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  /** As the server says after this call has begun: a load that is under way may not see what the caller knows. */
  async reloadAfresh(): Promise<Snapshot> {
    await this.#loading?.catch(() => undefined)
    return this.reload()
  }

  async #load(): Promise<Snapshot> {
    const { fetch, now, store } = this.#options
    this.#begun += 1
    const snapshot = await discover(fetch, this.#snapshot)
    this.#snapshot = snapshot
    this.#at = now()
    store?.save({ snapshot, savedAt: this.#at })
    return snapshot
  }

  async #restore(): Promise<Snapshot | undefined> {
    const saved = await this.#options.store?.load()
    if (saved === undefined || this.#snapshot !== undefined) return this.#snapshot
    // From a clock that is ahead of ours: the server is asked whether it stands.
    this.#at = saved.savedAt <= this.#options.now() ? saved.savedAt : Number.NEGATIVE_INFINITY
    this.#snapshot = saved.snapshot
    return saved.snapshot
  }
}
