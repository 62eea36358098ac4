/**
 * `metadata` of any object. Spelled without literal types, so that other people's `ObjectMeta` (`kubernetes-types`) fits.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
 */
export interface ObjectMeta {
  name?: string
  /** Prefix of a name that the server completes when `name` is absent. */
  generateName?: string
  namespace?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  /** Identity of this incarnation; a deleted and re-created object has another. */
  uid?: string
  /** Opaque: compare for equality, pass back, never compute with it. */
  resourceVersion?: string
  /** Counts changes of the spec. */
  generation?: number
  /** RFC 3339, as the server wrote it. */
  creationTimestamp?: string
  /** RFC 3339. Present: deletion was asked for, finalizers are pending. */
  deletionTimestamp?: string
  /** Seconds. */
  deletionGracePeriodSeconds?: number
  /** Who has work to do before the object is gone. */
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
  managedFields?: ManagedFieldsEntry[]
}

/** The object that this one belongs to, and goes with. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/ */
export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** Which fields somebody manages. @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export interface ManagedFieldsEntry {
  manager?: string
  /** `Apply` or `Update`. */
  operation?: string
  apiVersion?: string
  /** RFC 3339. */
  time?: string
  fieldsType?: string
  fieldsV1?: object
  subresource?: string
}

/** What every kind has, and the bound of every `T`. Has no index signature, so that plain interfaces satisfy it. */
export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata?: ObjectMeta
}

/** An object whose kind has no type here: other fields are readable as `unknown`. */
export interface DynamicObject extends KubeObject {
  [field: string]: unknown
}

/** `metadata` as the server returns it. */
export interface StoredMeta extends ObjectMeta {
  name: string
  uid: string
  resourceVersion: string
  creationTimestamp: string
}

/** The fields that an object read from the server always has. */
export interface StoredObject {
  apiVersion: string
  kind: string
  metadata: StoredMeta
}

/** A `T` as the server returns it: writers give a `T`, readers get a `Stored<T>`. */
export type Stored<T extends KubeObject> = T & StoredObject

/** An object that says its name: what `replace` and `apply` need. */
export interface NamedObject {
  metadata: { name: string }
}

/** A page or the whole of a collection. */
export interface KubeList<I> {
  apiVersion: string
  kind: string
  metadata: ListMeta
  items: I[]
}

/** `metadata` of a list. */
export interface ListMeta {
  /** Start a watch here to miss nothing. Absent only from API servers that do not version their lists. */
  resourceVersion?: string
  /** Token of the next page; absent on the last one. */
  continue?: string
  /** Objects after this page, where the server knows it. */
  remainingItemCount?: number
}

/** An object without spec and status. */
export interface PartialObjectMetadata extends KubeObject {
  apiVersion?: string
  kind?: string
  metadata?: ObjectMeta
}

/** The server's rendering of objects as rows, as `kubectl get` prints them. */
export interface Table {
  apiVersion: string
  kind: 'Table'
  metadata: ListMeta
  columnDefinitions: { name: string; type: string; format: string; description: string; priority: number }[]
  rows: { cells: unknown[]; object?: PartialObjectMetadata }[]
}

/** The server's answer where it is no object: failures, and some deletions. */
export interface Status {
  apiVersion: 'v1'
  kind: 'Status'
  metadata: ListMeta
  status: 'Success' | 'Failure'
  message?: string
  reason?: StatusReason
  details?: StatusDetails
  /** HTTP status, 0 when unset. */
  code?: number
}

/** Machine-readable cause. Servers add values, so the list is open. */
export type StatusReason =
  | 'AlreadyExists'
  | 'BadRequest'
  | 'Conflict'
  | 'Expired'
  | 'Forbidden'
  | 'Gone'
  | 'InternalError'
  | 'Invalid'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'NotFound'
  | 'RequestEntityTooLarge'
  | 'ServerTimeout'
  | 'ServiceUnavailable'
  | 'Timeout'
  | 'TooManyRequests'
  | 'Unauthorized'
  | 'UnsupportedMediaType'
  | (string & {})

/** What a {@link Status} is about. */
export interface StatusDetails {
  name?: string
  group?: string
  /** The wire calls it kind; it holds the plural resource for most failures. */
  kind?: string
  uid?: string
  causes?: StatusCause[]
  /** Seconds. */
  retryAfterSeconds?: number
}

/** One of the reasons of a {@link Status}. */
export interface StatusCause {
  reason?: string
  message?: string
  /** Path of the field, for example `spec.replicas`; for apply conflicts, the contested field. */
  field?: string
}
