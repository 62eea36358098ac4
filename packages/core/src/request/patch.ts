import type { KubeObject, NamedObject } from '../spec/object.ts'

/** Exactly one of three patches. */
export type Patch<T> =
  | { merge: MergePatch<T> | MergePatch<KubeObject>; strategic?: undefined; json?: undefined }
  | { strategic: StrategicPatch<T> | StrategicPatch<KubeObject>; merge?: undefined; json?: undefined }
  | { json: readonly JsonPatchOperation[]; merge?: undefined; strategic?: undefined }

/** Has no parts to merge. First, as `string & {}`, the open end of a list of known values, passes for an object. */
type Scalar = string | number | boolean

/** RFC 7386: absent stays, `null` removes, a list replaces the whole list. */
export type MergePatch<T> = { [K in keyof T]?: MergeValue<T[K]> | null }
/** A value within a {@link MergePatch}. */
export type MergeValue<T> = T extends Scalar | readonly unknown[] ? T : T extends object ? MergePatch<T> : T

/** Kubernetes' own: lists with a merge key are merged by it. Built-in kinds only. */
export type StrategicPatch<T> = { [K in keyof T]?: StrategicValue<T[K]> | null } & StrategicDirectives
/** A value within a {@link StrategicPatch}. A `T` as it is, too: an interface has no room for directives. */
export type StrategicValue<T> = T extends Scalar
  ? T
  : T extends readonly (infer E)[]
    ? readonly StrategicValue<E>[]
    : T extends object
      ? T | StrategicPatch<T>
      : T

/** How a part is merged. @see https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md */
export interface StrategicDirectives {
  $patch?: 'replace' | 'merge' | 'delete'
  $retainKeys?: readonly string[]
  [directive: `$deleteFromPrimitiveList/${string}` | `$setElementOrder/${string}`]: readonly unknown[]
}

/** RFC 6902. Paths are JSON pointers: `/metadata/labels/app.kubernetes.io~1name`. */
export type JsonPatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string }
  | { op: 'move' | 'copy'; path: string; from: string }

/** Server-side apply: the fields you own, all of them optional, and the name. */
export type ApplyObject<T> = (T | DeepPartial<T>) & NamedObject

/** A `T` whose fields are all optional, at every depth. */
export type DeepPartial<T> = { [K in keyof T]?: PartialValue<T[K]> }
/** A value within a {@link DeepPartial}. */
export type PartialValue<T> = T extends Scalar
  ? T
  : T extends readonly (infer E)[]
    ? PartialValue<E>[]
    : T extends object
      ? DeepPartial<T>
      : T
