import type { AllNamespaces } from './all-namespaces.ts'
import type { LabelSelector } from './label-selector.ts'

/** Options of every call. */
export interface CallOptions {
  /** The call rejects with `signal.reason`. */
  signal?: AbortSignal | undefined
  /**
   * For the whole call, in milliseconds: discovery, credentials, repeats and the body. A {@link TransportError} ends it.
   *
   * @defaultValue none
   */
  timeoutMs?: number | undefined
  /** Further query parameters, for what this version does not name. Arrays repeat the name; `undefined` is left out. */
  query?: QueryOptions | undefined
}

/** Query parameters by name. Arrays repeat the name; `undefined` is left out. */
export type QueryOptions = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** Options of calls on one object. */
export interface ObjectOptions extends CallOptions {
  /** Refused for cluster-scoped kinds. @defaultValue the resource's or the client's namespace */
  namespace?: string | undefined
}

/** Options of {@link ResourceReader.get} and {@link ResourceReader.find}. */
export interface GetOptions extends ObjectOptions {
  /** `0`: any version, from the server's cache. @defaultValue the most recent */
  resourceVersion?: string | undefined
}

/** What selects objects of a collection. */
export interface CollectionOptions extends CallOptions {
  /** @defaultValue the resource's or the client's namespace */
  namespace?: string | AllNamespaces | undefined
  /** `app=web,tier in (a,b),!canary`, or as objects hold it: `{ matchLabels: { app: 'web' } }`. */
  labelSelector?: string | LabelSelector | undefined
  /** `status.phase=Running,spec.nodeName=n1`. */
  fieldSelector?: string | undefined
  /** With `resourceVersionMatch`: at least, or exactly, this version. @defaultValue the most recent */
  resourceVersion?: string | undefined
  /** How `resourceVersion` is meant; a list needs it beside one. @see https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list */
  resourceVersionMatch?: 'Exact' | 'NotOlderThan' | undefined
  /** Splits a collection among watchers (alpha, Kubernetes 1.36). */
  shardSelector?: string | undefined
}

/** Options of {@link ResourceReader.list}. */
export interface ListOptions extends CollectionOptions {
  /** Objects per page. @defaultValue all */
  limit?: number | undefined
  /** `metadata.continue` of the page before. */
  continue?: string | undefined
  /** The server gives up after this many seconds. */
  timeoutSeconds?: number | undefined
}

/** Options of {@link ResourceReader.pages} and {@link ResourceReader.items}. */
export interface PageOptions extends CollectionOptions {
  /** @defaultValue 500 */
  pageSize?: number | undefined
  /** Go on from here, for example from {@link ApiError.continueToken}. */
  continue?: string | undefined
  /**
   * When the server has forgotten the list meanwhile. `throw`: an ApiError 410. `restart`: from the first page, seen objects
   * left out, at most five times. `inconsistent`: the rest as it is now. @defaultValue 'throw'
   */
  onExpired?: 'throw' | 'restart' | 'inconsistent' | undefined
}

/** Options of {@link ResourceReader.watch}. */
export interface WatchOptions extends CollectionOptions {
  /** One object only. */
  name?: string | undefined
  /** Begin with the present state, as ADDED events in any order. @defaultValue false with a resourceVersion, else true */
  sendInitialEvents?: boolean | undefined
  /** Ends the loop, normally, after this long, in milliseconds. @defaultValue none */
  timeoutMs?: number | undefined
  /**
   * Gives a connection up when nothing, not even a bookmark, has come over it for this long, in milliseconds. The time that
   * the loop itself takes does not count. `Infinity`: never. @defaultValue 120_000
   */
  idleTimeoutMs?: number | undefined
  /**
   * `false`: one connection, whose end is the loop's: a normal end where the server ends it, else an error.
   *
   * @defaultValue true
   */
  resume?: boolean | undefined
  /** Called when the server has answered, for each connection: long before the first event, where nothing changes. */
  onOpen?: (() => void) | undefined
  /** Bookmarks are always asked for; `true` yields them too. @defaultValue false */
  allowBookmarks?: false | undefined
  /** A longer event is a {@link ProtocolError}. In bytes. @defaultValue 64 MiB */
  maxEventBytes?: number | undefined
}

/** Options of a watch that yields bookmarks. */
export interface BookmarkWatchOptions extends Omit<WatchOptions, 'allowBookmarks'> {
  allowBookmarks: boolean
}

/** What the server does with unknown and duplicate fields: nothing, a warning, or an error. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

/** Options of `create`, `replace` and `patch`. */
export interface WriteOptions extends ObjectOptions {
  /** Validate and admit, store nothing. @defaultValue the client's, else false */
  dryRun?: boolean | undefined
  /** @defaultValue the client's, else 'kubeclient' */
  fieldManager?: string | undefined
  /** What the server does with unknown and duplicate fields. @defaultValue the server's: 'Warn' */
  fieldValidation?: FieldValidation | undefined
}

/** Options of `create`. */
export interface CreateOptions extends WriteOptions {}

/** Options of `apply`. */
export interface ApplyOptions extends WriteOptions {
  /** Take fields over that other managers own. @defaultValue false: a conflict is an ApiError 409 */
  force?: boolean | undefined
}

/** Options of {@link ResourceClient.delete}. */
export interface DeleteOptions extends ObjectOptions {
  /** Say what would happen. @defaultValue the client's, else false */
  dryRun?: boolean | undefined
  /** Seconds; 0: at once. @defaultValue the kind's */
  gracePeriodSeconds?: number | undefined
  /** What becomes of dependents. (The API's `orphanDependents` is its deprecated form.) @defaultValue the kind's */
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan' | undefined
  /** A 409 unless the object still has these. */
  preconditions?: { uid?: string | undefined; resourceVersion?: string | undefined } | undefined
  /** WARNING: deletes an object that the server cannot read, without finalizers. @defaultValue false */
  ignoreStoreReadErrorWithClusterBreakingPotential?: boolean | undefined
}

/** Options of {@link ResourceClient.deleteCollection}: a selector, or `all: true`. */
export type DeleteCollectionOptions = CollectionDeleteOptions & CollectionChoice

/** How each object of a collection is deleted, beside which. */
export interface CollectionDeleteOptions extends Omit<ListOptions, 'labelSelector' | 'fieldSelector'> {
  /** Say what would happen. @defaultValue the client's, else false */
  dryRun?: boolean | undefined
  /** Seconds; 0: at once. @defaultValue the kind's */
  gracePeriodSeconds?: number | undefined
  /** What becomes of dependents. @defaultValue the kind's */
  propagationPolicy?: DeleteOptions['propagationPolicy']
}

/** Which objects: those that a selector selects, or all in so many words. */
export type CollectionChoice =
  | { labelSelector: string | LabelSelector; fieldSelector?: string | undefined; all?: undefined }
  | { fieldSelector: string; labelSelector?: string | LabelSelector | undefined; all?: undefined }
  | { all: true; labelSelector?: undefined; fieldSelector?: undefined }
