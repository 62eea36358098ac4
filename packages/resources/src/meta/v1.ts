// Generated from the OpenAPI documents of Kubernetes v1.37.2: change the generator, not this file.

/** Condition contains details for one aspect of the current state of this API Resource. */
export interface Condition {
  /**
   * lastTransitionTime is the last time the condition transitioned from one status to another. This should be when
   * the underlying condition changed. If that is not known, then using the time when the API field changed is
   * acceptable.
   */
  lastTransitionTime: string
  /** message is a human readable message indicating details about the transition. This may be an empty string. */
  message: string
  /**
   * observedGeneration represents the .metadata.generation that the condition was set based upon. For instance, if
   * .metadata.generation is currently 12, but the .status.conditions[x].observedGeneration is 9, the condition is out
   * of date with respect to the current state of the instance.
   */
  observedGeneration?: number
  /**
   * reason contains a programmatic identifier indicating the reason for the condition's last transition. Producers of
   * specific condition types may define expected values and meanings for this field, and whether the values are
   * considered a guaranteed API. The value should be a CamelCase string. This field may not be empty.
   */
  reason: string
  /** status of the condition, one of True, False, Unknown. */
  status: 'True' | 'False' | 'Unknown' | (string & {})
  /** type of condition in CamelCase or in foo.example.com/CamelCase. */
  type: string
}

/** DeleteOptions may be provided when deleting an API object. */
export interface DeleteOptions {
  /**
   * APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized
   * schemas to the latest internal value, and may reject unrecognized values.
   *
   * @see https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources
   */
  apiVersion?: string
  /**
   * When present, indicates that modifications should not be persisted. An invalid or unrecognized dryRun directive
   * will result in an error response and no further processing of the request. Valid values are:
   * - All: all dry run stages will be processed
   */
  dryRun?: string[]
  /**
   * The duration in seconds before the object should be deleted. Value must be non-negative integer. The value zero
   * indicates delete immediately. If this value is nil, the default grace period for the specified type will be used.
   * Defaults to a per object value if not specified. zero means delete immediately.
   */
  gracePeriodSeconds?: number
  /**
   * if set to true, it will trigger an unsafe deletion of the resource in case the normal deletion flow fails with a
   * corrupt object error. A resource is considered corrupt if it can not be retrieved from the underlying storage
   * successfully because of a) its data can not be transformed e.g. decryption failure, or b) it fails to decode into
   * an object. NOTE: unsafe deletion ignores finalizer constraints, skips precondition checks, and removes the object
   * from the storage. WARNING: This may potentially break the cluster if the workload associated with the resource
   * being unsafe-deleted relies on normal deletion flow. Use only if you REALLY know what you are doing. The default
   * value is false, and the user must opt in to enable it
   */
  ignoreStoreReadErrorWithClusterBreakingPotential?: boolean
  /**
   * Kind is a string value representing the REST resource this object represents. Servers may infer this from the
   * endpoint the client submits requests to. Cannot be updated. In CamelCase.
   *
   * @see https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds
   */
  kind?: string
  /**
   * @deprecated please use the PropagationPolicy, this field will be deprecated in 1.7. Should the dependent
   *   objects be orphaned. If true/false, the "orphan" finalizer will be added to/removed from the object's
   *   finalizers list. Either this field or PropagationPolicy may be set, but not both.
   */
  orphanDependents?: boolean
  /** Must be fulfilled before a deletion is carried out. If not possible, a 409 Conflict status will be returned. */
  preconditions?: Preconditions
  /**
   * Whether and how garbage collection will be performed. Either this field or OrphanDependents may be set, but not
   * both. The default policy is decided by the existing finalizer set in the metadata.finalizers and the
   * resource-specific default policy. Acceptable values are: 'Orphan' - orphan the dependents; 'Background' - allow
   * the garbage collector to delete the dependents in the background; 'Foreground' - a cascading policy that deletes
   * all dependents in the foreground.
   */
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan' | (string & {})
}

/**
 * FieldSelectorRequirement is a selector that contains values, a key, and an operator that relates the key and
 * values.
 */
export interface FieldSelectorRequirement {
  /** key is the field selector key that the requirement applies to. */
  key: string
  /**
   * operator represents a key's relationship to a set of values. Valid operators are In, NotIn, Exists, DoesNotExist.
   * The list of operators may grow in the future.
   */
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | (string & {})
  /**
   * values is an array of string values. If the operator is In or NotIn, the values array must be non-empty. If the
   * operator is Exists or DoesNotExist, the values array must be empty.
   */
  values?: string[]
}

/**
 * GroupResource specifies a Group and a Resource, but does not force a version. This is useful for identifying
 * concepts during lookup stages without having partially valid types
 */
export interface GroupResource {
  group: string
  resource: string
}

/**
 * A label selector is a label query over a set of resources. The result of matchLabels and matchExpressions are
 * ANDed. An empty label selector matches all objects. A null label selector matches no objects.
 */
export interface LabelSelector {
  /** matchExpressions is a list of label selector requirements. The requirements are ANDed. */
  matchExpressions?: LabelSelectorRequirement[]
  /**
   * matchLabels is a map of {key,value} pairs. A single {key,value} in the matchLabels map is equivalent to an
   * element of matchExpressions, whose key field is "key", the operator is "In", and the values array contains only
   * "value". The requirements are ANDed.
   */
  matchLabels?: { [key: string]: string }
}

/**
 * A label selector requirement is a selector that contains values, a key, and an operator that relates the key and
 * values.
 */
export interface LabelSelectorRequirement {
  /** key is the label key that the selector applies to. */
  key: string
  /**
   * operator represents a key's relationship to a set of values. Valid operators are In, NotIn, Exists and
   * DoesNotExist.
   */
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | (string & {})
  /**
   * values is an array of string values. If the operator is In or NotIn, the values array must be non-empty. If the
   * operator is Exists or DoesNotExist, the values array must be empty. This array is replaced during a strategic
   * merge patch.
   */
  values?: string[]
}

/** Preconditions must be fulfilled before an operation (update, delete, etc.) is carried out. */
export interface Preconditions {
  /** Specifies the target ResourceVersion */
  resourceVersion?: string
  /** Specifies the target UID. */
  uid?: string
}

export type { ListMeta, ManagedFieldsEntry, ObjectMeta, OwnerReference, PartialObjectMetadata, Status, StatusCause, StatusDetails, Table } from '@kubeclient/core/spec'

/** A whole number, or text: a port's number or name, a count or a percentage such as `25%`. */
export type IntOrString = number | string

/**
 * An amount: `500m`, `1Gi`, `2`. The server takes numbers as well, and writes text.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export type Quantity = string | number
