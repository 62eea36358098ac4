import type { KubeObject, Stored } from '@kubeclient/core'

/** Options of {@link createInformer}. */
export interface InformerOptions<T extends KubeObject, Index extends string = never> {
  /** Only objects with these labels: `app=web,tier in (a,b),!canary`. */
  labelSelector?: string | undefined
  /** Only objects with these fields: `spec.nodeName=n1`. */
  fieldSelector?: string | undefined
  /** These namespaces, instead of the resource's own. */
  namespaces?: readonly string[] | undefined
  /**
   * Of several namespaces. `each`: one watch per namespace, which needs no rights beyond them. `shared`: one watch of all
   * namespaces, of which the objects of others are dropped; better for many, and needs the right to watch all.
   *
   * @defaultValue 'each'
   */
  watches?: 'each' | 'shared' | undefined
  /** The keys under which an object is found, by the name of the index. */
  indexers?: Readonly<Record<Index, Indexer<T>>> | undefined
  /**
   * Runs once on each object, before it is stored, for example {@link withoutManagedFields}. May change the object, but not its
   * name, namespace, uid and resourceVersion. Setting a field to `undefined` saves more memory than `delete`.
   */
  transform?: ((object: Stored<T>) => Stored<T>) | undefined
  /** Freezes objects, so that changing a shared one throws. Costs half of their parsing: for development. @defaultValue false */
  freeze?: boolean | undefined
  /** Stops the informer. */
  signal?: AbortSignal | undefined
}

/** The keys of an object in an index: none, one or several. */
export type Indexer<T extends KubeObject> = (object: Stored<T>) => readonly string[]

/** Options of everything here that waits. */
export interface WaitOptions {
  /** The wait rejects with `signal.reason`. */
  signal?: AbortSignal | undefined
}

/** A watched copy of a collection, which heals itself. Its objects are shared: do not change them. */
export interface Informer<T extends KubeObject, Index extends string = never> extends AsyncDisposable {
  /** Resolves when the first copy is complete; rejects with `signal.reason`, or when the informer ended before. */
  synced(options?: WaitOptions): Promise<void>
  /** `undefined` when absent. Objects of namespaced kinds are found with their namespace only. */
  get(name: string, namespace?: string): Stored<T> | undefined
  /** @throws {@link InvalidRequestError} for an index that is not there and for what is no label selector */
  list(filter?: InformerFilter<Index>): Stored<T>[]
  /** An index more, over the present objects too. The same informer, whose type knows the index. */
  addIndex<const Name extends string>(name: Name, indexer: Indexer<T>): Informer<T, Index | Name>
  /**
   * Begins with the present state, when iteration begins; then every change, deletions missed while disconnected included. A
   * slow reader gets the changes of an object merged, and its memory stays bounded by the number of objects. Ends with the
   * informer.
   */
  changes(options?: WaitOptions): AsyncIterable<InformerChange<Stored<T>>>
  /** The same for functions. The returned function ends it. */
  subscribe(handlers: InformerHandlers<Stored<T>>): Subscription
  /**
   * Resolves when the copy is at least as new as this version, for example that of a write. An object that the informer does
   * not select moves the copy on only with the server's next bookmark, about a minute later.
   *
   * @throws {@link InvalidRequestError} for an empty version and `0`, which would never come, and for a namespace that is not watched
   */
  waitFor(resourceVersion: string, options?: WaitForOptions): Promise<void>
  /** The copy is as the server was at this version; of several watches that of the oldest. */
  readonly resourceVersion: string | undefined
  readonly health: InformerHealth
  /** Ends everything, in silence; resolves when nothing is left that could keep the process alive. */
  stop(): Promise<void>
}

/** Options of {@link Informer.waitFor}. */
export interface WaitForOptions extends WaitOptions {
  /** Of several watches, only the one of this namespace counts. @defaultValue all of them */
  namespace?: string | undefined
}

/** Options of {@link Informer.list}. All must match. */
export interface InformerFilter<Index extends string> {
  /** Index name to key. */
  index?: ([Index] extends [never] ? undefined : { readonly [Name in Index]?: string | undefined }) | undefined
  labelSelector?: string | undefined
  namespace?: string | undefined
}

export type InformerChange<O> = Added<O> | Updated<O> | Deleted<O>

export interface Added<O> {
  type: 'added'
  object: O
}

export interface Updated<O> {
  type: 'updated'
  object: O
  previous: O
}

export interface Deleted<O> {
  type: 'deleted'
  /** The last state; with `finalStateUnknown`, the last that was seen. */
  object: O
  /** It was deleted while nobody watched. */
  finalStateUnknown: boolean
}

/**
 * What to call for changes, one at a time. Where a handler returns a promise, the next change waits for it. What a handler
 * throws is an uncaught exception, as in an event listener: the informer and its other subscribers go on.
 */
export interface InformerHandlers<O> {
  added?(object: O): void | Promise<void>
  updated?(object: O, previous: O): void | Promise<void>
  deleted?(object: O, details: { finalStateUnknown: boolean }): void | Promise<void>
}

/** Call it to end the subscription. */
export interface Subscription {
  (): void
  /** Resolves when the handlers have seen the first complete copy. Rejects when it, or the informer, ends before. */
  synced(options?: WaitOptions): Promise<void>
}

/** For readiness probes. */
export interface InformerHealth {
  /**
   * `starting`: no complete copy yet. `synced`: complete and watched. `degraded`: the server refuses, or has failed more than
   * once in a row; what is there may be old, and the informer keeps trying. `stopped`: for good.
   */
  readonly state: 'starting' | 'synced' | 'degraded' | 'stopped'
  /** When the last event or bookmark came. */
  readonly lastEventAt?: Date
  /** When the last complete copy was made. */
  readonly lastSyncAt?: Date
  /** Connections opened again since the start. */
  readonly restarts: number
  /** Kept after a recovery: what went wrong last. */
  readonly lastError?: Error
}
