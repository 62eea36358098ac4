import { emptyObject, isObject, valueAt, withValueAt, type JsonObject } from './json.ts'

/** Paths of fields, each as the JSON of its `fieldsV1` keys: `["f:spec","f:replicas"]`. */
export type FieldSet = ReadonlySet<string>

/** The fields of an object with their values. A map that is itself owned has a path of its own, whatever is in it. */
export type FieldValues = ReadonlyMap<string, unknown>

export interface FieldRules {
  /** Custom resources own every object on the way to a field; the structs of built-in kinds are no fields. */
  readonly custom: boolean
  /** An apply owns the keys of built-in maps, and not the maps. */
  readonly applied?: boolean | undefined
}

/** What no writer owns: identity, and what the server itself writes. */
const unowned = new Set(
  [
    ['apiVersion'],
    ['kind'],
    ['metadata', 'name'],
    ['metadata', 'namespace'],
    ['metadata', 'uid'],
    ['metadata', 'resourceVersion'],
    ['metadata', 'generation'],
    ['metadata', 'creationTimestamp'],
    ['metadata', 'deletionTimestamp'],
    ['metadata', 'deletionGracePeriodSeconds'],
    ['metadata', 'managedFields'],
    ['metadata', 'selfLink'],
  ].map((path) => encode(path.map((name) => `f:${name}`))),
)

/** The fields of built-in kinds that are maps with keys of the user's choice. */
const maps = new Set([
  'labels',
  'annotations',
  'data',
  'binaryData',
  'stringData',
  'limits',
  'requests',
  'hard',
  'capacity',
])

/** The maps of built-in kinds that are owned as a whole. */
const atomicMaps = new Set(['selector', 'nodeSelector', 'labelSelector', 'podSelector', 'namespaceSelector'])

/** Everything that a writer of `object` sets. Lists are one field each. */
export function fieldValues(object: JsonObject, rules: FieldRules): FieldValues {
  const values = new Map<string, unknown>()
  collect(object, [], rules, values)
  return values
}

function collect(object: JsonObject, path: readonly string[], rules: FieldRules, values: Map<string, unknown>): void {
  for (const [name, value] of Object.entries(object)) {
    const here = [...path, `f:${name}`]
    const encoded = encode(here)
    if (unowned.has(encoded)) continue
    const inCustom = rules.custom && here[0] !== 'f:metadata'
    const ownsMaps = rules.applied !== true
    if (encoded === finalizersPath && Array.isArray(value)) {
      if (ownsMaps) values.set(encoded, container)
      for (const item of value) values.set(encode([...here, `v:${JSON.stringify(item)}`]), item)
    } else if (!isObject(value) || (!inCustom && atomicMaps.has(name))) {
      values.set(encoded, value)
    } else {
      const isField = inCustom || (ownsMaps && maps.has(name)) || Object.keys(value).length === 0
      if (isField) values.set(encoded, container)
      collect(value, here, rules, values)
    }
  }
}

/** The one list that is a set: each finalizer has an owner. */
const finalizersPath = encode(['f:metadata', 'f:finalizers'])

/** The value of a map's own path: all are equal, so that a change below is no change of the map. */
const container = Symbol('container')

/** A copy of `object` without the field, or without the item of the set. */
export function withoutPath(object: JsonObject, path: string): JsonObject {
  const keys = decode(path)
  const item = keys.at(-1)
  const names = keys.filter((key) => key.startsWith('f:')).map((key) => key.slice(2))
  const value = valueAt(object, names)
  if (item?.startsWith('v:') !== true) return withValueAt(object, names, undefined)
  if (!Array.isArray(value)) return object
  const rest = value.filter((entry) => `v:${JSON.stringify(entry)}` !== item)
  return withValueAt(object, names, rest.length === 0 ? undefined : rest)
}

export interface FieldChanges {
  readonly added: FieldSet
  readonly changed: FieldSet
  readonly removed: FieldSet
}

export function union(...sets: readonly FieldSet[]): FieldSet {
  return new Set(sets.flatMap((set) => Array.from(set)))
}

export function without(set: FieldSet, gone: FieldSet): FieldSet {
  return new Set([...set].filter((path) => !gone.has(path)))
}

export function toFieldsV1(set: FieldSet): JsonObject {
  const root = emptyObject()
  for (const path of [...set].toSorted()) {
    let node = root
    for (const key of decode(path)) {
      const next = node[key]
      // A cast, since every value put into this tree is an object.
      node = (node[key] = next ?? emptyObject()) as JsonObject
    }
    node['.'] = emptyObject()
  }
  return withoutLeafMarks(root)
}

/** `{}` is a field; beside children, `.` says that their parent is one too. */
function withoutLeafMarks(node: JsonObject): JsonObject {
  const result = emptyObject()
  const names = Object.keys(node)
  if (names.length === 1 && names[0] === '.') return result
  for (const name of names) {
    const child = node[name]
    result[name] = isObject(child) ? withoutLeafMarks(child) : child
  }
  return result
}

export function fromFieldsV1(fields: unknown): FieldSet {
  const set = new Set<string>()
  if (isObject(fields)) gather(fields, [], set)
  return set
}

function gather(node: JsonObject, path: readonly string[], set: Set<string>): void {
  for (const [key, child] of Object.entries(node)) {
    if (key === '.') set.add(encode(path))
    else if (isObject(child) && Object.keys(child).length > 0) gather(child, [...path, key], set)
    else set.add(encode([...path, key]))
  }
}

/** `.metadata.labels.app`, as conflicts print it. */
export function printPath(path: string): string {
  return decode(path)
    .map((key) => (key.startsWith('f:') ? `.${key.slice(2)}` : `[=${key.slice(2)}]`))
    .join('')
}

/** The path of the map around a field; undefined for a field of the root. */
export function parentPath(path: string): string | undefined {
  const keys = decode(path).slice(0, -1)
  return keys.length === 0 ? undefined : encode(keys)
}

export function isEmptyAt(object: JsonObject, path: string): boolean {
  const names = decode(path).map((key) => key.slice(2))
  const value = valueAt(object, names)
  return isObject(value) && Object.keys(value).length === 0
}

export function isBelow(path: string, ancestor: string): boolean {
  return path.length > ancestor.length && path.startsWith(`${ancestor.slice(0, -1)},`)
}

function encode(path: readonly string[]): string {
  return JSON.stringify(path)
}

function decode(path: string): string[] {
  // A cast, since only encode() makes these strings.
  return JSON.parse(path) as string[]
}
