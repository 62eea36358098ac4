import { ProtocolError } from '../spec/errors.ts'
import type { KubeList, KubeObject } from '../spec/object.ts'
import type { ResourceTarget } from '../request/place.ts'

/**
 * Items of built-in kinds come without their kind: it stands on the list only. An empty list may come without items, as Go
 * writes it. Filled in place, as the list is ours.
 *
 * @throws {@link ProtocolError} for what is no list of objects
 */
export function completeList<O extends KubeObject>(list: KubeList<O>, target: ResourceTarget): KubeList<O> {
  if (!isObject(list) || Array.isArray(list)) throw noList(target)
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
