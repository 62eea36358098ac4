import { textOf } from './json.ts'
import type { ApiObject, JsonObject } from './json.ts'
import { StatusFailure, notSupported } from './status-failure.ts'

/** How the client wants objects: whole, their metadata only, or as rows. */
export type Representation = 'object' | 'metadata' | 'metadata-list' | TableRepresentation

/** Rows come with the metadata of their objects, with nothing, or with the whole objects. */
type TableRepresentation = 'table' | 'table-without-objects' | 'table-of-objects'

const kindsOfAs = new Map<string, Representation>([
  ['PartialObjectMetadata', 'metadata'],
  ['PartialObjectMetadataList', 'metadata-list'],
  ['Table', 'table'],
])

/** @throws {@link StatusFailure} 406, or 501 for YAML and protobuf, which only a real server writes */
export function negotiate(accept: string | undefined, query: URLSearchParams): Representation {
  const ranges = (accept ?? '').split(',').flatMap(parseRange)
  if (ranges.length === 0) return 'object'
  for (const { type, parameters } of ranges) {
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue
    const as = parameters.get('as')
    if (as === undefined || type !== 'application/json') return 'object'
    const representation = kindsOfAs.get(as)
    const isMeta = parameters.get('g') === 'meta.k8s.io' && parameters.get('v') === 'v1'
    if (representation === 'table' && isMeta) return tableFor(query.get('includeObject'))
    if (representation !== undefined && isMeta) return representation
  }
  const real = ranges.find(({ type }) => type === 'application/yaml' || type === 'application/vnd.kubernetes.protobuf')
  if (real !== undefined) throw notSupported(`answers of type ${real.type}`)
  throw notAcceptable(ranges.some(({ type }) => type === 'application/json'))
}

function tableFor(includeObject: string | null): TableRepresentation {
  if (includeObject === 'None') return 'table-without-objects'
  return includeObject === 'Object' ? 'table-of-objects' : 'table'
}

export function notAcceptable(isJson: boolean): StatusFailure {
  const types = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'
  if (isJson) return new StatusFailure(406, 'NotAcceptable', `only the following media types are accepted: ${types}`)
  const message = `406: Not Acceptable\n\nAvailable representations: ${types}`
  return new StatusFailure(406, 'NotAcceptable', message, {})
}

interface MediaRange {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
}

export function parseRange(text: string): MediaRange[] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim())
  if (type === '') return []
  const pairs = parameters.map((parameter) => {
    const [name = '', value = ''] = parameter.split('=', 2)
    return [name.trim(), value.trim()] as const
  })
  return [{ type: type.toLowerCase(), parameters: new Map(pairs) }]
}

/** @throws {@link StatusFailure} 406 when a list was asked for */
export function representObject(object: ApiObject, as: Representation): JsonObject {
  if (as === 'metadata-list') throw wrongShape('PartialObjectMetadataList', object.kind, 'not a list')
  if (as === 'metadata') return metadataOf(object)
  if (as === 'object') return object
  return tableOf([object], { resourceVersion: object.metadata.resourceVersion }, as)
}

export interface ListToShow {
  readonly list: JsonObject
  /** Of the list, as every other representation has it. */
  readonly metadata: object
  readonly items: readonly ApiObject[]
}

/**
 * No items are `null` among metadata, as Go writes a list that was never made.
 *
 * @throws {@link StatusFailure} 406 when one object was asked for
 */
export function representList({ list, metadata, items }: ListToShow, as: Representation): JsonObject {
  if (as === 'metadata') throw wrongShape('PartialObjectMetadata', textOf(list['kind']), 'a list')
  if (as === 'object') return list
  if (as !== 'metadata-list') return tableOf(items, metadata, as)
  const shown = items.length === 0 ? null : items.map(metadataOf)
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: shown }
}

function metadataOf({ metadata }: ApiObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}

/** Name and age: the columns that every kind has. */
function tableOf(objects: readonly ApiObject[], metadata: object, as: TableRepresentation): JsonObject {
  const column = { type: 'string', description: '', priority: 0 }
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: [
      { ...column, name: 'Name', format: 'name' },
      { ...column, name: 'Age', format: '' },
    ],
    rows: objects.map((object) => ({ cells: [object.metadata.name, ageOf(object)], object: rowObject(object, as) })),
  }
}

function rowObject(object: ApiObject, as: TableRepresentation): JsonObject | null {
  if (as === 'table-without-objects') return null
  return as === 'table-of-objects' ? object : metadataOf(object)
}

function ageOf({ metadata }: ApiObject): string {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(metadata.creationTimestamp ?? '')) / 1000))
  if (seconds < 120) return `${seconds}s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}

function wrongShape(asked: string, kind: string, what: string): StatusFailure {
  const message = `you requested ${asked}, but the requested object is ${what} (${kind})`
  return new StatusFailure(406, 'NotAcceptable', message)
}
