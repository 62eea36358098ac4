export type JsonObject = Record<string, unknown>

/** An object as the server keeps it. Never changed in place: every write makes a new one. */
export interface ApiObject extends JsonObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Metadata
}

export interface Metadata extends JsonObject {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  readonly finalizers?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  readonly managedFields?: readonly ManagedFields[]
}

export interface ManagedFields {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly time?: string
  readonly fieldsType: 'FieldsV1'
  readonly fieldsV1: JsonObject
  readonly subresource?: string
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path of names; inherited properties (`__proto__`, `constructor`) are absent. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value
  for (const name of path) {
    if (!isObject(current) || !Object.hasOwn(current, name)) return undefined
    current = current[name]
  }
  return current
}

/** A copy that has `value` at `path`, which is made where it is missing. `undefined` removes. */
export function withValueAt(object: unknown, [name, ...rest]: readonly string[], value: unknown): JsonObject {
  const copy = isObject(object) ? copyOf(object) : emptyObject()
  if (name === undefined) return copy
  const changed = rest.length === 0 ? value : withValueAt(copy[name], rest, value)
  if (changed === undefined) delete copy[name]
  else copy[name] = changed
  return copy
}

/** Has no prototype, so that assigning to `__proto__` makes a field of that name. */
export function emptyObject(): JsonObject {
  // A cast, since Object.create returns any.
  return Object.create(null) as JsonObject
}

export function copyOf(object: JsonObject): JsonObject {
  return Object.assign(emptyObject(), object)
}

export function deepEqual(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => deepEqual(item, right[index]))
  }
  if (!isObject(left) || !isObject(right)) return false
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && deepEqual(left[name], right[name]))
  )
}

/** Whether objects and arrays are nested deeper than `limit`; itself not recursive. */
export function isDeeperThan(limit: number, value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
  }
  return false
}

/** A string as it is, nothing as the empty string, anything else as JSON: what messages show of a field that should be a string. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}
