import type { KubeObject, ResourceReader, Stored } from '@kubeclient/core'
import { allNamespaces } from './all-namespaces.ts'
import { checkOptions } from './check-options.ts'
import { isClientClosed } from './classify-failure.ts'
import { ChangeQueue } from './change-queue.ts'
import { compareVersions } from './compare-versions.ts'
import { deliver } from './deliver.ts'
import type { Effects } from './effects.ts'
import { Feed, type Selection, type Sink } from './feed.ts'
import type {
  Indexer,
  Informer,
  InformerChange,
  InformerFilter,
  InformerHandlers,
  InformerHealth,
  InformerOptions,
  Subscription,
  WaitForOptions,
  WaitOptions,
} from './informer.ts'
import { informerHealth } from './informer-health.ts'
import { ObjectStore } from './object-store.ts'
import { prepareObject } from './prepare-object.ts'
import { VersionWaiters } from './version-waiters.ts'
import { withSignal } from './with-signal.ts'

/** Feeds bring objects, the store keeps them, queues tell subscribers. */
export class ObjectInformer<T extends KubeObject, Index extends string> implements Informer<T, Index> {
  readonly #options: InformerOptions<T, Index>
  readonly #store = new ObjectStore<T>()
  readonly #queues = new Set<ChangeQueue<Stored<T>>>()
  readonly #feeds: readonly Feed<T>[]
  readonly #waiters: VersionWaiters
  readonly #stopping = new AbortController()
  readonly #synced = Promise.withResolvers<void>()
  readonly #ended: Promise<void>
  #isSynced = false
  /** Set when it is over: what those get who still want something. */
  #end: { readonly reason: unknown } | undefined
  #failure: Error | undefined

  constructor(source: ResourceReader<T>, options: InformerOptions<T, Index>, effects: Effects) {
    checkOptions(options)
    this.#options = options
    for (const [name, indexer] of Object.entries<Indexer<T>>(options.indexers ?? {}))
      this.#store.addIndex(name, indexer)
    this.#feeds = this.#createFeeds(source, effects)
    this.#waiters = new VersionWaiters(this.#feeds)
    this.#synced.promise.catch(() => undefined) // nobody may be waiting
    this.#ended = this.#run()
  }

  synced({ signal }: WaitOptions = {}): Promise<void> {
    return withSignal(this.#synced.promise, signal)
  }

  get(name: string, namespace?: string): Stored<T> | undefined {
    return this.#store.get(name, namespace)
  }

  list(filter: InformerFilter<Index> = {}): Stored<T>[] {
    return this.#store.select(filter)
  }

  addIndex<const Name extends string>(name: Name, indexer: Indexer<T>): Informer<T, Index | Name> {
    this.#store.addIndex(name, indexer)
    return this
  }

  changes({ signal }: WaitOptions = {}): AsyncIterable<InformerChange<Stored<T>>> {
    return { [Symbol.asyncIterator]: () => this.#openQueue(signal) }
  }

  subscribe(handlers: InformerHandlers<Stored<T>>): Subscription {
    const queue = this.#openQueue()
    void deliver(queue, handlers)
    return Object.assign(() => queue.end(), {
      synced: ({ signal }: WaitOptions = {}) => withSignal(queue.reached, signal),
    })
  }

  async waitFor(resourceVersion: string, { signal, namespace }: WaitForOptions = {}): Promise<void> {
    if (this.#end !== undefined) throw this.#end.reason
    await this.#waiters.wait(resourceVersion, namespace, signal)
  }

  get resourceVersion(): string | undefined {
    const versions = this.#feeds.map(({ version }) => version)
    return versions.reduce((a, b) => (a === undefined || b === undefined ? undefined : older(a, b)))
  }

  get health(): InformerHealth {
    const health = informerHealth(this.#feeds, this.#end !== undefined)
    return this.#failure === undefined ? health : { ...health, lastError: this.#failure }
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the informer was stopped'))
    await this.#ended
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  // ── Feeds ──

  #createFeeds(source: ResourceReader<T>, effects: Effects): Feed<T>[] {
    const { labelSelector, fieldSelector, namespaces, watches = 'each' } = this.#options
    const selected = { labelSelector, fieldSelector }
    const only = new Set(namespaces)
    const places = watches === 'shared' || namespaces === undefined ? [undefined] : [...only]
    return places.map((namespace) => {
      const isShared = namespaces !== undefined && namespace === undefined
      const selection: Selection = {
        ...selected,
        ...(namespaces !== undefined && { namespace: namespace ?? allNamespaces }),
      }
      return new Feed({ source, selection, effects, sink: this.#sink(namespace, isShared ? only : undefined) })
    })
  }

  #sink(namespace: string | undefined, only: ReadonlySet<string> | undefined): Sink<T> {
    return {
      prepare: (object: Stored<T>) =>
        only?.has(object.metadata.namespace ?? '') === false ? undefined : prepareObject(object, this.#options),
      put: (object: Stored<T>) => this.#tell(this.#store.put(object)),
      remove: (object: Stored<T>) => this.#tell(this.#store.remove(object)),
      replace: (objects: Iterable<Stored<T>>) => this.#tell(this.#store.replace(objects, namespace)),
      moved: () => this.#moved(),
    }
  }

  #moved(): void {
    if (!this.#isSynced && this.#feeds.every(({ state }) => state.synced)) {
      this.#isSynced = true
      this.#synced.resolve()
      for (const queue of this.#queues) queue.mark()
    }
    this.#waiters.check()
  }

  // ── Subscribers ──

  #tell(changes: readonly InformerChange<Stored<T>>[]): void {
    if (changes.length === 0) return
    for (const queue of this.#queues) queue.push(changes)
  }

  /** With the present state in it, so that nothing is missed and nothing comes twice. */
  #openQueue(signal?: AbortSignal): ChangeQueue<Stored<T>> {
    signal?.throwIfAborted()
    const queue = new ChangeQueue<Stored<T>>({ signal, onEnd: () => this.#queues.delete(queue) })
    queue.push(Array.from(this.#store.values(), (object) => ({ type: 'added', object })))
    if (this.#isSynced) queue.mark()
    this.#queues.add(queue)
    if (this.#end !== undefined) this.#endQueue(queue)
    return queue
  }

  #endQueue(queue: ChangeQueue<Stored<T>>): void {
    if (this.#failure === undefined) queue.end()
    else queue.end(this.#failure)
  }

  // ── The end ──

  async #run(): Promise<void> {
    const { signal } = this.#options
    const onAbort = (): void => this.#stopping.abort(signal?.reason)
    if (signal?.aborted === true) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    await Promise.all(this.#feeds.map((feed) => this.#runFeed(feed)))
    signal?.removeEventListener('abort', onAbort)
    this.#finish(this.#failure ?? this.#stopping.signal.reason)
  }

  async #runFeed(feed: Feed<T>): Promise<void> {
    try {
      await feed.run(this.#stopping.signal)
    } catch (error) {
      // Who closes the client ends its informers, which is no failure.
      if (!isClientClosed(error)) this.#failure ??= error instanceof Error ? error : new Error(String(error))
      this.#stopping.abort(error)
    }
  }

  #finish(reason: unknown): void {
    this.#end = { reason }
    this.#synced.reject(reason)
    this.#waiters.reject(reason)
    for (const queue of this.#queues) this.#endQueue(queue)
  }
}

function older(a: string, b: string): string {
  return (compareVersions(a, b) ?? 0) <= 0 ? a : b
}
