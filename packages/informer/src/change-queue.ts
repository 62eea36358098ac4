import type { KubeObject } from '@kubeclient/core'
import { coalesce } from './coalesce.ts'
import type { InformerChange } from './informer.ts'
import { objectKey } from './object-key.ts'

export interface ChangeQueueOptions {
  readonly signal?: AbortSignal | undefined
  readonly onEnd: () => void
}

/** No object has this key. */
const markKey = ''

/** What one subscriber has not seen yet. Holds at most two changes per object, however slow the subscriber is. */
export class ChangeQueue<O extends KubeObject> implements AsyncIterableIterator<InformerChange<O>, void, undefined> {
  /** In the order of the first change of each object that is still to be seen. */
  readonly #pending = new Map<string, readonly InformerChange<O>[]>()
  readonly #options: ChangeQueueOptions
  readonly #reached = Promise.withResolvers<void>()
  #waiting: PromiseWithResolvers<void> | undefined
  #end: { readonly error?: unknown } | undefined

  constructor(options: ChangeQueueOptions) {
    this.#options = options
    options.signal?.addEventListener('abort', this)
    this.#reached.promise.catch(() => undefined) // mostly nobody waits for it
  }

  push(changes: readonly InformerChange<O>[]): void {
    if (this.#end !== undefined) return
    for (const change of changes) {
      const key = objectKey(change.object)
      const before = this.#pending.get(key)
      const merged = before === undefined ? [change] : coalesce(before, change)
      if (merged.length === 0) this.#pending.delete(key)
      else this.#pending.set(key, merged)
    }
    this.#wake()
  }

  /** {@link ChangeQueue.reached} resolves when all that was pushed before has been dealt with. */
  mark(): void {
    if (this.#end !== undefined) return
    this.#pending.set(markKey, [])
    this.#wake()
  }

  /** Changes that the reader has not taken. */
  get size(): number {
    let size = 0
    for (const changes of this.#pending.values()) size += changes.length
    return size
  }

  get reached(): Promise<void> {
    return this.#reached.promise
  }

  /** The next change, as soon as there is one. Whoever asks for it has dealt with the one before. */
  async next(): Promise<IteratorResult<InformerChange<O>, void>> {
    while (await this.more()) {
      const change = this.take()
      if (change !== undefined) return { done: false, value: change }
    }
    return { done: true, value: undefined }
  }

  /** Waits for something to take; false: there will be nothing. */
  async more(): Promise<boolean> {
    while (this.#end === undefined && this.#pending.size === 0) {
      this.#waiting ??= Promise.withResolvers()
      await this.#waiting.promise
    }
    if (this.#end === undefined) return true
    const end = this.#end
    this.#end = {} // an iterator throws once
    if ('error' in end) throw end.error
    return false
  }

  /** The next change, if there is one. */
  take(): InformerChange<O> | undefined {
    for (const [key, changes] of this.#pending) {
      if (changes.length > 1) this.#pending.set(key, changes.slice(1))
      else this.#pending.delete(key)
      if (changes[0] !== undefined) return changes[0]
      this.#reached.resolve()
    }
    return undefined
  }

  return(): Promise<IteratorResult<InformerChange<O>, void>> {
    this.end()
    return Promise.resolve({ done: true, value: undefined })
  }

  /** The signal was aborted. */
  handleEvent(): void {
    this.end(this.#options.signal?.reason)
  }

  /** Nothing more, not even what is pending. With an error, whoever waits gets it. */
  end(...error: readonly [unknown?]): void {
    if (this.#end !== undefined) return
    this.#end = error.length === 0 ? {} : { error: error[0] }
    this.#pending.clear()
    this.#reached.reject(error.length === 0 ? new Error('it ended before the first copy was complete') : error[0])
    this.#wake()
    this.#options.signal?.removeEventListener('abort', this)
    this.#options.onEnd()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #wake(): void {
    this.#waiting?.resolve()
    this.#waiting = undefined
  }
}
