import type { ServerResponse } from 'node:http'
import type { Answer, Backend } from './backend.ts'
import { isDefinition, withDefinitionDefaults } from './custom-resource-definitions.ts'
import { deleteObject } from './delete-object.ts'
import { deleteOptionsOf, dryRunOf } from './delete-options.ts'
import type { ApiObject, JsonObject } from './json.ts'
import { isObject, textOf } from './json.ts'
import { flag, selectionOf, versionOf } from './list-options.ts'
import { checkJsonBody, readManifest } from './read-manifest.ts'
import { negotiate, representList, representObject, type Representation } from './representation.ts'
import { checkVerb, type Target } from './resolve-target.ts'
import { qualifiedPlural } from './resource-type.ts'
import { scaleOf, withScale } from './scale.ts'
import { listOf, serveList } from './serve-list.ts'
import { servePatch } from './serve-patch.ts'
import { serveWatch } from './serve-watch.ts'
import type { ServedRequest } from './served-request.ts'
import {
  badRequest,
  conflict,
  deletedStatus,
  internalError,
  invalid,
  invalidOptions,
  invalidValue,
} from './status-failure.ts'
import {
  methodNotAllowed,
  noSuchResource,
  notFound,
  notSupported,
  staleVersion,
  unsupportedValue,
} from './status-failure.ts'
import { versionTooLarge } from './status-failure.ts'
import { createObject, existingObject, inVersion, updateObject, type WriteOptions } from './write-object.ts'
import { writerOf } from './writer-of.ts'

/** Where a watch writes, and what ends it. */
export interface Stream {
  readonly response: ServerResponse
  readonly signal: AbortSignal
}

/** Serves one verb on one resource. A watch answers by itself, and the result is undefined. */
export async function serveResource(
  backend: Backend,
  target: Target,
  request: ServedRequest,
  stream: Stream,
): Promise<Answer | undefined> {
  const verb = verbOf(target, request)
  checkVerb(target, verb)
  const as = negotiate(request.headers.accept, request.query)
  if (target.type.kind.endsWith('Review') || target.type.plural === 'bindings') throw notSupported(target.type.plural)
  if (verb === 'watch') {
    await serveWatch(backend, { target, query: request.query, as }, stream.response, stream.signal)
    return undefined
  }
  return serveVerb(backend, target, request, { verb, as })
}

function verbOf({ type, namespace, name, subresource }: Target, { method, query }: ServedRequest): string {
  if (name === undefined && type.namespaced && namespace === undefined && method !== 'GET') throw methodNotAllowed()
  switch (method) {
    case 'GET':
      if (name !== undefined) return 'get'
      return flag(query, 'watch') ? 'watch' : 'list'
    case 'POST':
      if (name !== undefined && subresource === undefined) throw methodNotAllowed()
      return 'create'
    case 'PUT':
      return nameGiven('update', name)
    case 'PATCH':
      return nameGiven('patch', name)
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete'
    default:
      throw methodNotAllowed()
  }
}

function nameGiven(verb: string, name: string | undefined): string {
  if (name === undefined) throw methodNotAllowed()
  return verb
}

interface Asked {
  readonly verb: string
  readonly as: Representation
}

function serveVerb(backend: Backend, target: Target, request: ServedRequest, { verb, as }: Asked): Answer {
  if (verb === 'list') {
    return { status: 200, body: representList(serveList(backend, target, request.query), as) }
  }
  checkSubresource(target, verb)
  if (verb === 'get') return { status: 200, body: representObject(serveGet(backend, target, request.query), as) }
  if (verb === 'create') {
    if (target.subresource?.name === 'eviction') return serveEviction(backend, target, request)
    return { status: 201, body: representObject(serveCreate(backend, target, request), as) }
  }
  if (verb === 'update') return { status: 200, body: representObject(serveReplace(backend, target, request), as) }
  if (verb === 'patch') {
    const { status, object } = servePatch(backend, target, request)
    return { status, body: representObject(object, as) }
  }
  return verb === 'delete'
    ? serveDelete(backend, target, request, as)
    : serveDeleteCollection(backend, target, request, as)
}

const servedSubresources = new Set(['status', 'scale', 'finalize', 'eviction'])

function checkSubresource({ type, subresource }: Target, verb: string): void {
  if (subresource === undefined || servedSubresources.has(subresource.name)) return
  throw notSupported(`the verb ${verb} on ${type.plural}/${subresource.name}`)
}

function serveGet(backend: Backend, target: Target, query: URLSearchParams): ApiObject {
  const version = versionOf(query.get('resourceVersion'))
  const current = backend.store.revision()
  if (version !== undefined && version > current) throw versionTooLarge(version, current)
  const object = existingObject(backend, target)
  return asAnswered(object, target)
}

/** `/scale` shows another object; its writers get it back as well. */
function asAnswered(object: ApiObject, { type, subresource }: Target): ApiObject {
  if (subresource?.name !== 'scale') return object
  if (type.scale === undefined) throw noSuchResource()
  return scaleOf(object, type.scale)
}

function serveCreate(backend: Backend, target: Target, request: ServedRequest): ApiObject {
  const options = writeOptionsOf(backend, target, request, 'CreateOptions')
  const manifest = readManifest(request, target, backend.catalogue)
  const complete = isDefinition(target.type) ? withDefinitionDefaults(manifest, target.type) : manifest
  return createObject(backend, target, complete, options)
}

function writeOptionsOf(backend: Backend, target: Target, request: ServedRequest, kind: string): WriteOptions {
  const validation = request.query.get('fieldValidation') ?? ''
  const supported = ['', 'Ignore', 'Strict', 'Warn']
  if (!supported.includes(validation)) {
    throw invalidOptions(kind, [unsupportedValue('fieldValidation', validation, supported)])
  }
  return { writer: writerOf(backend, target, request), dryRun: dryRunOf(request.query, kind) }
}

function serveReplace(backend: Backend, target: Target, request: ServedRequest): ApiObject {
  const options = writeOptionsOf(backend, target, request, 'UpdateOptions')
  const isScale = target.subresource?.name === 'scale'
  const manifest = isScale ? readScale(request) : readManifest(request, target, backend.catalogue)
  const metadata = isObject(manifest['metadata']) ? manifest['metadata'] : {}
  checkName(target, metadata)
  const live = existingObject(backend, target)
  checkVersion(target, live, metadata)
  if (!isScale) return updateObject(backend, target, live, withoutUid(manifest), options)
  return asAnswered(updateObject(backend, target, live, withScale(live, manifest, target.type), options), target)
}

function readScale(request: ServedRequest): JsonObject {
  checkJsonBody(request)
  const scale: unknown = JSON.parse(request.body)
  if (!isObject(scale)) throw badRequest('the object provided is unrecognized (must be of type Scale)')
  return scale
}

function checkName({ name = '' }: Target, metadata: JsonObject): void {
  const own = metadata['name'] ?? ''
  if (own === name) return
  if (own === '')
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  throw badRequest(`the name of the object (${textOf(own)}) does not match the name on the URL (${name})`)
}

/** @throws {@link StatusFailure} 409 for a stale version or another incarnation; 422 where a version is required */
function checkVersion({ type, subresource }: Target, { metadata }: ApiObject, given: JsonObject): void {
  const [version, uid] = [given['resourceVersion'] ?? '', given['uid'] ?? '']
  if (version === '') {
    if (!type.custom || subresource?.name === 'scale') return checkUid(type, metadata, textOf(uid))
    const cause = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update')
    throw invalid({ group: type.group, kind: type.plural }, metadata.name, [cause])
  }
  checkUid(type, metadata, textOf(uid))
  if (!/^\d+$/.test(textOf(version))) {
    throw internalError(`strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`)
  }
  if (version !== metadata.resourceVersion) throw staleVersion(type, metadata.name)
  return undefined
}

function checkUid(type: Target['type'], { name, namespace, uid }: ApiObject['metadata'], given: string): void {
  if (given === '' || given === uid) return
  const key = `/registry/${type.plural}/${namespace === undefined ? '' : `${namespace}/`}${name}`
  const why = `Precondition failed: UID in precondition: ${given}, UID in object meta: ${uid}`
  throw conflict(
    type,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
  )
}

/** Checked already, with another answer than a patch gets. */
function withoutUid(manifest: JsonObject): JsonObject {
  const metadata = isObject(manifest['metadata']) ? { ...manifest['metadata'] } : {}
  delete metadata['uid']
  return { ...manifest, metadata }
}

function serveDelete(backend: Backend, target: Target, request: ServedRequest, as: Representation): Answer {
  const options = deleteOptionsOf(request)
  const live = existingObject(backend, target)
  const { object, isGone } = deleteObject(backend, target, live, options)
  const answersStatus = isGone && !target.type.deleteReturnsObject
  return { status: 200, body: answersStatus ? deletedStatus(target.type, object) : representObject(object, as) }
}

function serveDeleteCollection(backend: Backend, target: Target, request: ServedRequest, as: Representation): Answer {
  const options = deleteOptionsOf(request)
  const { type } = target
  const { matches } = selectionOf(target, request.query)
  const items = backend.store
    .list(qualifiedPlural(type))
    .filter(matches)
    .map((object) => inVersion(object, type))
  for (const object of items)
    deleteObject(backend, { ...target, name: object.metadata.name, ...namespaceOf(object) }, object, options)
  const metadata = { resourceVersion: String(backend.store.revision()) }
  const shown = { list: listOf(type, metadata, items), metadata, items }
  return { status: 200, body: representList(shown, as === 'metadata' ? 'metadata-list' : as) }
}

function namespaceOf({ metadata }: ApiObject): { namespace?: string } {
  return metadata.namespace === undefined ? {} : { namespace: metadata.namespace }
}

/** No disruption budget stands in the way here: the pod is deleted. */
function serveEviction(backend: Backend, target: Target, request: ServedRequest): Answer {
  checkJsonBody(request)
  const eviction: unknown = request.body === '' ? {} : JSON.parse(request.body)
  const options = isObject(eviction) && isObject(eviction['deleteOptions']) ? eviction['deleteOptions'] : {}
  const { name = '' } = target
  const live = existingObject(backend, target)
  const { subresource: _, ...pod } = target
  deleteObject(backend, pod, live, deleteOptionsOf({ ...request, body: JSON.stringify(options) }))
  if (name === '') throw notFound(target.type, name)
  return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } }
}
