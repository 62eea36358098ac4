import type { KubeObject } from './object.ts'

/** All that is needed to address a kind without discovery. */
export interface ResourceDescriptor<T extends KubeObject> {
  readonly apiVersion: NonNullable<T['apiVersion']>
  readonly kind: NonNullable<T['kind']>
  /** Plural, as in URLs. */
  readonly resource: string
  readonly namespaced: boolean
  /** Never set: carries `T` for inference. */
  readonly _type?: T
  /** Never set: tells it from a {@link CreateOnlyDescriptor}. */
  readonly _createOnly?: undefined
}

/** A kind that the server answers and never stores, as the reviews of access and of tokens are. */
export interface CreateOnlyDescriptor<T extends KubeObject> extends Omit<ResourceDescriptor<T>, '_createOnly'> {
  /** Never set. */
  readonly _createOnly?: true
}

/** Group, version and kind. `resource` is excluded so that a descriptor is never taken for one with another `T`. */
export interface KindRef {
  readonly apiVersion: string
  readonly kind: string
  readonly resource?: undefined
}

/** Group, version and plural. */
export interface PluralRef {
  readonly apiVersion: string
  readonly resource: string
  readonly kind?: undefined
}

/** `pods`, `po`, `deployments.apps`, `deployments.v1.apps`, `Deployment`, a kind, a plural, or a descriptor. */
export type ResourceRef<T extends KubeObject = KubeObject> = string | KindRef | PluralRef | ResourceDescriptor<T>

/** Names one object. Any manifest that has a name is one. */
export interface ObjectRef {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string | undefined }
}

/** A manifest to create: named by you, or by the server from `generateName`. */
export interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name?: string; generateName?: string; namespace?: string }
}

/** A manifest to replace or apply. */
export interface NamedManifest {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string }
}

/** One served version of a resource. Is a reference itself: pass it to `client.resource()`. */
export interface ResourceInfo {
  /** `''` for the core group. */
  readonly group: string
  readonly version: string
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string
  readonly kind: string
  /** Plural, as in URLs. */
  readonly resource: string
  readonly singular: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly subresources: readonly SubresourceInfo[]
}

/** A subresource that a resource has. */
export interface SubresourceInfo {
  /** `status`, `scale`, `eviction` … */
  readonly name: string
  /** Kind of the body, for example `autoscaling/v1` `Scale`. */
  readonly apiVersion: string
  readonly kind: string
  readonly verbs: readonly string[]
}

/** An API group that the server has. */
export interface GroupInfo {
  /** `''` for the core group. */
  readonly name: string
  /** Its first by default. */
  readonly preferredVersion: string
  /** In the server's order of preference. */
  readonly versions: readonly string[]
}
