import { InvalidRequestError } from '../spec/errors.ts'
import type { KubeObject } from '../spec/object.ts'
import type { KubeRequest } from '../spec/request.ts'
import { isRehearsal } from './check-call-options.ts'
import type { ApplyOptions, QueryOptions, WriteOptions } from './options.ts'
import { oneNamespace, type Place, type RequestDefaults, type ResourceTarget } from './place.ts'
import { jsonOf, type RequestParts, resourceRequest } from './resource-request.ts'

/** A part of an object with a life of its own, or an order given to it. */
export interface SubresourcePath {
  readonly name: string
  readonly subresource: string
}

export function createRequest(
  place: Place,
  object: KubeObject,
  options: WriteOptions,
  path?: SubresourcePath,
): KubeRequest {
  return writeRequest(place, { verb: 'create', method: 'POST', ...path }, body(place, object, path), options)
}

export function replaceRequest(
  place: Place,
  object: KubeObject,
  options: WriteOptions,
  path?: SubresourcePath,
): KubeRequest {
  const parts = { verb: 'update', method: 'PUT', ...(path ?? { name: nameOf(object, 'replace') }) } as const
  return writeRequest(place, parts, body(place, object, path), options)
}

/** @see https://kubernetes.io/docs/reference/using-api/server-side-apply/ */
export function applyRequest(
  place: Place,
  object: KubeObject,
  options: ApplyOptions,
  path?: SubresourcePath,
): KubeRequest {
  const parts = { verb: 'patch', method: 'PATCH', ...(path ?? { name: nameOf(object, 'apply') }) } as const
  const contentType = 'application/apply-patch+yaml' // JSON is YAML
  return writeRequest(place, { ...parts, contentType }, body(place, object, path), options, { force: options.force })
}

/** A request that changes something: carries who writes, and whether it is a rehearsal. */
export function writeRequest(
  place: Place,
  parts: Pick<RequestParts, 'verb' | 'method' | 'name' | 'subresource' | 'contentType'>,
  content: object,
  options: WriteOptions,
  query?: QueryOptions,
): KubeRequest {
  oneNamespace(place, parts.verb)
  return resourceRequest(place, {
    ...parts,
    query: { ...writeQuery(options, place.defaults), ...query },
    extraQuery: options.query,
    body: jsonOf(content),
  })
}

function writeQuery(options: WriteOptions, defaults: RequestDefaults): QueryOptions {
  return {
    fieldManager: options.fieldManager ?? defaults.fieldManager,
    fieldValidation: options.fieldValidation ?? defaults.fieldValidation,
    dryRun: isRehearsal(options.dryRun ?? defaults.dryRun) ? 'All' : undefined,
  }
}

/** The body of a subresource is of a kind of its own and is sent as it is. */
function body(place: Place, object: KubeObject, path: SubresourcePath | undefined): KubeObject {
  return path === undefined ? complete(place.target, object) : object
}

function complete({ apiVersion, kind }: ResourceTarget, object: KubeObject): KubeObject {
  if (object.apiVersion === apiVersion && object.kind === kind) return object
  if ((object.apiVersion ?? apiVersion) !== apiVersion || (object.kind ?? kind) !== kind) {
    const given = `${object.apiVersion ?? apiVersion} ${object.kind ?? kind}`
    throw new InvalidRequestError(`a ${given} was given where a ${apiVersion} ${kind} belongs`)
  }
  return { ...object, apiVersion, kind }
}

function nameOf(object: KubeObject, verb: string): string {
  const name = object.metadata?.name
  if (name === undefined) throw new InvalidRequestError(`cannot ${verb} an object without metadata.name`)
  return name
}
