import { fieldValues, fromFieldsV1, toFieldsV1, union, without } from './field-set.ts'
import type { FieldChanges, FieldRules, FieldSet, FieldValues } from './field-set.ts'
import { deepEqual, type JsonObject, type ManagedFields } from './json.ts'

/** Who writes, as `metadata.managedFields` remembers it. */
export interface Writer {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource?: string | undefined
  /** RFC 3339. */
  readonly time: string
}

/** A manager's entry with its fields as a set. */
export interface Ownership {
  readonly entry: ManagedFields
  readonly fields: FieldSet
}

export function changesBetween(before: FieldValues, after: FieldValues): FieldChanges {
  const [added, changed, removed] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const [path, value] of after) {
    if (!before.has(path)) added.add(path)
    else if (!deepEqual(before.get(path), value)) changed.add(path)
  }
  for (const path of before.keys()) if (!after.has(path)) removed.add(path)
  return { added, changed, removed }
}

/** What create, replace and patch do to ownership: who changes a field owns it alone. */
export function ownershipAfterUpdate(
  managed: readonly ManagedFields[],
  before: JsonObject,
  after: JsonObject,
  writer: Writer,
  rules: FieldRules,
): readonly ManagedFields[] {
  const { added, changed, removed } = changesBetween(fieldValues(before, rules), fieldValues(after, rules))
  const touched = union(added, changed, removed)
  const owners = ownersOf(managed)
  const mine = owners.find(({ entry }) => isEntryOf(entry, writer))
  const others = owners
    .filter((owner) => owner !== mine)
    .map(({ entry, fields }) => ({ entry, fields: without(fields, touched) }))
  const fields = union(without(mine?.fields ?? new Set(), removed), added, changed)
  const time = added.size + changed.size > 0 ? writer.time : mine?.entry.time
  return managedFieldsOf([...others, { entry: entryOf(writer, time), fields }])
}

/** Of an object that nobody owns a field of: what is there belongs to a manager of this name, and an apply may conflict with it. */
export function ownershipBeforeFirstApply(
  live: JsonObject,
  { apiVersion, time }: Writer,
  rules: FieldRules,
): readonly ManagedFields[] {
  const writer: Writer = { manager: 'before-first-apply', operation: 'Update', apiVersion, time }
  return ownershipAfterUpdate([], {}, live, writer, rules)
}

export function ownersOf(managed: readonly ManagedFields[]): readonly Ownership[] {
  return managed.map((entry) => ({ entry, fields: fromFieldsV1(entry.fieldsV1) }))
}

function isEntryOf(entry: ManagedFields, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    entry.apiVersion === writer.apiVersion &&
    entry.subresource === writer.subresource
  )
}

/** @param time - of the last write that changed the object; absent where none did */
export function entryOf({ manager, operation, apiVersion, subresource }: Writer, time?: string): ManagedFields {
  return {
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: {},
    ...(subresource !== undefined && { subresource }),
  }
}

/** Drops who owns nothing any more, and sorts as the API server does: who has no time comes first. */
export function managedFieldsOf(owners: readonly Ownership[]): readonly ManagedFields[] {
  return owners
    .filter(({ fields }) => fields.size > 0)
    .map(({ entry, fields }) => Object.assign({}, entry, { fieldsV1: toFieldsV1(fields) }))
    .toSorted((left, right) => compare(sortKey(left), sortKey(right)))
}

function sortKey({ operation, time, manager, apiVersion, subresource }: ManagedFields): string {
  return [operation, time ?? '', manager, apiVersion, subresource ?? ''].join('\0')
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right)
}
