/** One served version of a kind, and what is special about how the API server treats it. */
export interface ResourceType {
  /** `''` for the core group. */
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly subresources: readonly Subresource[]
  /** Defined by a CustomResourceDefinition: other messages, other shapes of lists, no strategic merge patch. */
  readonly custom: boolean
  /** `metadata.generation` counts changes of everything but metadata and status. */
  readonly hasGeneration: boolean
  /** DELETE answers with the object where others answer with a Status. */
  readonly deleteReturnsObject: boolean
  /** DELETE without a propagation policy keeps the dependents. */
  readonly orphansByDefault: boolean
  /** What `status` is after a POST, whatever was sent; absent for kinds without the subresource. */
  readonly initialStatus?: object | undefined
  readonly scale?: ScalePaths | undefined
}

export interface Subresource {
  readonly name: string
  readonly kind: string
  readonly verbs: readonly string[]
  /** `autoscaling/v1`; absent: that of the resource. */
  readonly apiVersion?: string | undefined
}

/** Where the `scale` subresource finds its numbers: paths of names. */
export interface ScalePaths {
  readonly specReplicas: readonly string[]
  readonly statusReplicas: readonly string[]
  /** A string, or a LabelSelector that is printed as one. */
  readonly selector?: readonly string[] | undefined
}

/** `v1`, `apps/v1`. */
export function apiVersionOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? version : `${group}/${version}`
}

/** `pods`, `deployments.apps`: what messages call the resource. All versions of a kind share it, and their objects. */
export function qualifiedPlural({ group, plural }: { readonly group: string; readonly plural: string }): string {
  return group === '' ? plural : `${plural}.${group}`
}

/** `Pod`, `Deployment.apps`. */
export function qualifiedKind({ group, kind }: { readonly group: string; readonly kind: string }): string {
  return group === '' ? kind : `${kind}.${group}`
}

export function findSubresource(type: ResourceType, name: string): Subresource | undefined {
  return type.subresources.find((subresource) => subresource.name === name)
}

export function hasStatus(type: ResourceType): boolean {
  return findSubresource(type, 'status') !== undefined
}
