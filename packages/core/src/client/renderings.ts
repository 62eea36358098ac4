import { ProtocolError } from '../spec/errors.ts'
import type { KubeList, KubeObject, PartialObjectMetadata, Stored, Table } from '../spec/object.ts'
import type { ResourceTarget } from '../request/place.ts'

// A server or proxy that does not know another rendering answers with whole objects, as the Accept header allows.

/** An object without spec and status, whatever came. */
export function asMetadata(object: Stored<KubeObject>): Stored<PartialObjectMetadata> {
  if (object.kind === 'PartialObjectMetadata') return object
  const { apiVersion, kind, metadata } = object
  return { apiVersion, kind, metadata }
}

/** A table of names and times where the server made none, as kubectl prints such lists. */
export function asTable(answer: object, target: ResourceTarget): Table {
  if ('kind' in answer && answer.kind === 'Table') {
    const table = answer as Table // it says so itself
    if (!Array.isArray(table.rows) || !table.rows.every(isObject)) throw noList(target)
    return table
  }
  const { metadata, items } = completeList<Stored<KubeObject>>(answer, target) // as lists are answered otherwise
  return {
    apiVersion: 'meta.k8s.io/v1',
    kind: 'Table',
    metadata,
    columnDefinitions: [column('Name', 'name'), column('Created At', 'date')],
    rows: items.map((item) => ({
      cells: [item.metadata?.name, item.metadata?.creationTimestamp],
      object: asMetadata(item),
    })),
  }
}

function column(name: string, format: string): Table['columnDefinitions'][number] {
  return { name, type: 'string', format, description: '', priority: 0 }
}

/**
 * Items of built-in kinds come without their kind: it stands on the list only. An empty list may come without items, as Go
 * writes it. Filled in place, as the list is ours.
 *
 * @throws {@link ProtocolError} for what is no list of objects
 */
export function completeList<O extends KubeObject>(answer: object, target: ResourceTarget): KubeList<O> {
  const list = answer as KubeList<O> // checked below
  list.items ??= []
  list.metadata ??= {}
  if (!Array.isArray(list.items) || !list.items.every(isObject)) throw noList(target)
  for (const item of list.items) {
    item.apiVersion ??= target.apiVersion
    item.kind ??= target.kind
  }
  return list
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function noList({ apiVersion, resource }: ResourceTarget): ProtocolError {
  return new ProtocolError(`a list of ${resource} in ${apiVersion} was expected, and JSON of another shape came`)
}
