import { fieldValues, isBelow, isEmptyAt, parentPath, printPath, union, without, withoutPath } from './field-set.ts'
import type { FieldRules, FieldSet } from './field-set.ts'
import { copyOf, isObject, type JsonObject, type ManagedFields } from './json.ts'
import { changesBetween, entryOf, managedFieldsOf, ownersOf } from './managed-fields.ts'
import type { Ownership, Writer } from './managed-fields.ts'
import { quote, StatusFailure } from './status-failure.ts'

export interface AppliedObject {
  readonly object: JsonObject
  readonly managedFields: readonly ManagedFields[]
}

export interface ApplyRequest {
  readonly live: JsonObject
  readonly managedFields: readonly ManagedFields[]
  /** Without what the writer may not set. */
  readonly applied: JsonObject
  readonly writer: Writer
  /** Take fields from other managers instead of failing. */
  readonly force: boolean
  readonly rules: FieldRules
}

/**
 * Server-side apply: maps are merged field by field, lists are replaced whole, and what the manager applied before but not now is
 * removed unless somebody else owns it.
 *
 * @throws {@link StatusFailure} 409 with one cause per field that another manager owns with another value
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applyObject({ live, managedFields, applied, writer, force, rules }: ApplyRequest): AppliedObject {
  const owners = ownersOf(managedFields)
  const mine = owners.find(({ entry }) => isApplierOf(entry, writer))
  const others = owners.filter((owner) => owner !== mine)
  const fields: FieldSet = new Set(fieldValues(applied, { ...rules, applied: true }).keys())

  const dropped = without(mine?.fields ?? new Set(), fields)
  const merged = withoutDropped(
    mergeMaps(live, applied),
    dropped,
    union(fields, ...others.map((other) => other.fields)),
  )
  const { added, changed, removed } = changesBetween(fieldValues(live, rules), fieldValues(merged, rules))
  const taken = union(changed, removed)

  const conflicts = others.flatMap(({ entry, fields: owned }) =>
    [...owned].filter((path) => taken.has(path)).map((path) => ({ entry, path })),
  )
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts)

  const remaining = others.map(({ entry, fields: owned }) => ({ entry, fields: without(owned, taken) }))
  // Another version of the same manager's entry is replaced: it is the same intent in other words.
  const time = added.size + taken.size > 0 ? writer.time : mine?.entry.time
  const own: Ownership = { entry: entryOf(writer, time), fields }
  return { object: merged, managedFields: managedFieldsOf([...remaining, own]) }
}

function isApplierOf(entry: ManagedFields, writer: Writer): boolean {
  return entry.manager === writer.manager && entry.operation === 'Apply' && entry.subresource === writer.subresource
}

/** Finalizers are a set, every other list is replaced. */
function mergeMaps(live: unknown, applied: JsonObject, path: readonly string[] = []): JsonObject {
  const result = isObject(live) ? copyOf(live) : copyOf({})
  for (const [name, value] of Object.entries(applied)) {
    const here = [...path, name]
    const before = result[name]
    if (isObject(value)) result[name] = mergeMaps(before, value, here)
    else if (here.join('.') === 'metadata.finalizers' && Array.isArray(value) && Array.isArray(before)) {
      result[name] = [...new Set([...before, ...value])]
    } else result[name] = value
  }
  return result
}

/** Longest first, so that a map which loses its last field can go with it. */
function withoutDropped(object: JsonObject, dropped: FieldSet, owned: FieldSet): JsonObject {
  const isOwned = (path: string): boolean => owned.has(path) || [...owned].some((other) => isBelow(other, path))
  return [...dropped]
    .filter((path) => !isOwned(path))
    .toSorted((left, right) => right.length - left.length)
    .reduce((result, path) => withoutField(result, path, isOwned), object)
}

function withoutField(object: JsonObject, path: string, isOwned: (path: string) => boolean): JsonObject {
  const result = withoutPath(object, path)
  const parent = parentPath(path)
  const goes = parent !== undefined && parentPath(parent) !== undefined && isEmptyAt(result, parent) && !isOwned(parent)
  return goes ? withoutField(result, parent, isOwned) : result
}

interface Conflict {
  readonly entry: ManagedFields
  readonly path: string
}

function applyConflict(conflicts: readonly Conflict[]): StatusFailure {
  const sorted = conflicts
    .map(({ entry, path }) => ({ manager: printManager(entry), field: printPath(path) }))
    .toSorted((left, right) => (left.manager + left.field < right.manager + right.field ? -1 : 1))
  const causes = sorted.map(({ manager, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field,
  }))
  return new StatusFailure(409, 'Conflict', conflictMessage(sorted), { causes })
}

function conflictMessage(conflicts: readonly { readonly manager: string; readonly field: string }[]): string {
  const [only] = conflicts
  if (conflicts.length === 1 && only !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${only.manager}: ${only.field}`
  }
  const lines = Object.entries(Object.groupBy(conflicts, ({ manager }) => manager)).flatMap(([manager, list = []]) =>
    [`conflicts with ${manager}:`].concat(list.map(({ field }) => `- ${field}`)),
  )
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}

/** Appliers are known by name; others also by the version that they wrote. */
function printManager({ manager, operation, apiVersion, subresource }: ManagedFields): string {
  const name = subresource === undefined ? quote(manager) : `${quote(manager)} with subresource ${quote(subresource)}`
  return operation === 'Update' ? `${name} using ${apiVersion}` : name
}
