import type {
  ApplyOptions,
  BookmarkWatchOptions,
  CreateOptions,
  DeleteCollectionOptions,
  DeleteOptions,
  GetOptions,
  ListOptions,
  PageOptions,
  WatchOptions,
  WriteOptions,
} from '../request/options.ts'
import type { ApplyObject, DeepPartial, Patch } from '../request/patch.ts'
import type {
  DynamicObject,
  KubeList,
  KubeObject,
  NamedObject,
  PartialObjectMetadata,
  Status,
  Stored,
  Table,
} from '../spec/object.ts'
import type { Binding, Eviction, IssuedToken, Scale, TokenRequest } from './subresource-kinds.ts'
import type { BookmarkEvent, WatchEvent } from './watch-event.ts'

/** The reading verbs. Take this where you only read: it accepts metadata clients and narrower kinds. */
export interface ResourceReader<T extends KubeObject> {
  /** @throws {@link ApiError} 404 when absent. */
  get(name: string, options?: GetOptions): Promise<Stored<T>>
  /** `undefined` when absent. */
  find(name: string, options?: GetOptions): Promise<Stored<T> | undefined>
  /** One request. */
  list(options?: ListOptions): Promise<KubeList<Stored<T>>>
  /** Page by page. */
  pages(options?: PageOptions): AsyncIterable<KubeList<Stored<T>>>
  /** Object by object, across pages. */
  items(options?: PageOptions): AsyncIterable<Stored<T>>
  /**
   * The changes as they happen. Resumes by itself at the last version that was seen, over as many connections as it takes: ends
   * with its reader. What was deleted while the initial state was cut off is DELETED with its metadata alone.
   *
   * @throws {@link WatchExpiredError} when the server has forgotten that version, {@link ApiError} when it refuses
   * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
   */
  watch(options: BookmarkWatchOptions): AsyncIterable<WatchEvent<Stored<T>> | BookmarkEvent>
  watch(options?: WatchOptions): AsyncIterable<WatchEvent<Stored<T>>>
}

/** The verbs of one kind. */
export interface ResourceClient<T extends KubeObject> extends ResourceReader<T> {
  /** `apiVersion` and `kind` are filled in. */
  create(object: T, options?: CreateOptions): Promise<Stored<T>>
  /** With `metadata.resourceVersion`: a 409 if the object changed since. */
  replace(object: T & NamedObject, options?: WriteOptions): Promise<Stored<T>>
  /** Server-side apply. */
  apply(object: ApplyObject<T>, options?: ApplyOptions): Promise<Stored<T>>
  /** @throws {@link InvalidRequestError} unless it is exactly one patch */
  patch(name: string, patch: Patch<T>, options?: WriteOptions): Promise<Stored<T>>
  /** The object while finalizers or a grace period hold it, else a Status; {@link isStatus} tells. */
  delete(name: string, options?: DeleteOptions): Promise<Stored<T> | Status>
  /** The objects that it deleted, or a Status. @throws {@link InvalidRequestError} without a selector or `all: true` */
  deleteCollection(options: DeleteCollectionOptions): Promise<KubeList<Stored<T>> | Status>

  /** Known ones have the type of their body; any other name is sent as it is. */
  subresource(name: 'status' | 'resize' | 'ephemeralcontainers' | 'approval'): SubresourceClient<T>
  subresource(name: 'scale'): SubresourceClient<Scale>
  subresource(name: 'eviction'): SubresourceAction<Eviction, Status>
  subresource(name: 'binding'): SubresourceAction<Binding, Status>
  subresource(name: 'token'): SubresourceAction<TokenRequest, IssuedToken>
  subresource<B extends KubeObject = DynamicObject>(name: string): SubresourceClient<B> & SubresourceAction<B, B>

  /** The same objects without spec and status. */
  metadata(): MetadataClient
  /** The server's printed columns. */
  table(options?: ListOptions): Promise<Table>
}

/** A kind that is answered and never stored. */
export interface CreateOnlyClient<T extends KubeObject> {
  /** The server's answer is in its `status`. `apiVersion` and `kind` are filled in. */
  create(object: T, options?: CreateOptions): Promise<T>
}

/** A kind, metadata only. */
export interface MetadataClient extends ResourceReader<PartialObjectMetadata> {
  /** As {@link ResourceClient.patch}; the answer is metadata only. */
  patch(
    name: string,
    patch: Patch<PartialObjectMetadata>,
    options?: WriteOptions,
  ): Promise<Stored<PartialObjectMetadata>>
  /** As {@link ResourceClient.delete}; the answer is metadata only. */
  delete(name: string, options?: DeleteOptions): Promise<Stored<PartialObjectMetadata> | Status>
  /** As {@link ResourceClient.deleteCollection}; the answers are metadata only. */
  deleteCollection(options: DeleteCollectionOptions): Promise<KubeList<Stored<PartialObjectMetadata>> | Status>
}

/** A part of an object with a life of its own: `status`, `scale` … */
export interface SubresourceClient<B extends KubeObject> {
  /** @throws {@link ApiError} 404 when the object or the subresource is absent. */
  get(name: string, options?: GetOptions): Promise<Stored<B>>
  /** `apiVersion`, `kind`, `metadata.name` and `metadata.namespace` are filled in. */
  replace(name: string, body: B, options?: WriteOptions): Promise<Stored<B>>
  /** As {@link ResourceClient.patch}, of this part only. */
  patch(name: string, patch: Patch<B>, options?: WriteOptions): Promise<Stored<B>>
  /** Server-side apply. `apiVersion`, `kind`, `metadata.name` and `metadata.namespace` are filled in. */
  apply(name: string, body: DeepPartial<B>, options?: ApplyOptions): Promise<Stored<B>>
}

/** An order given to an object: `eviction`, `token` … */
export interface SubresourceAction<B extends KubeObject, R> {
  /** `apiVersion`, `kind`, `metadata.name` and `metadata.namespace` are filled in. */
  create(name: string, body: B, options?: CreateOptions): Promise<R>
}
