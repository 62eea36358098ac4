import { applyObject } from './apply.ts'
import type { Answer, Backend } from './backend.ts'
import { dryRunOf } from './delete-options.ts'
import { copyOf, emptyObject, isDeeperThan, isObject, type ApiObject, type JsonObject, textOf } from './json.ts'
import { goType, jsonPatch, mergePatch } from './patch.ts'
import { maxDepth, shapedManifest } from './read-manifest.ts'
import { ownershipBeforeFirstApply } from './managed-fields.ts'
import type { Target } from './resolve-target.ts'
import { apiVersionOf, hasStatus, type ResourceType } from './resource-type.ts'
import { scaleOf, withScale } from './scale.ts'
import { contentTypeOf, type ServedRequest } from './served-request.ts'
import { badRequest, conflict, forbiddenValue, invalid, invalidOptions, invalidValue } from './status-failure.ts'
import {
  notFound,
  notSupported,
  requiredValue,
  staleVersion,
  StatusFailure,
  unsupportedMediaType,
} from './status-failure.ts'
import { createObject, existingObject, findObject, updateObject, type WriteOptions } from './write-object.ts'
import { writerOf } from './writer-of.ts'

const mergeType = 'application/merge-patch+json'
const jsonType = 'application/json-patch+json'
const strategicType = 'application/strategic-merge-patch+json'
const applyType = 'application/apply-patch+yaml'

export interface Patched {
  readonly object: ApiObject
  readonly status: Answer['status']
}

export function servePatch(backend: Backend, target: Target, request: ServedRequest): Patched {
  const mediaType = contentTypeOf(request)
  checkPatchType(mediaType, target.type)
  const options: WriteOptions = {
    dryRun: dryRunOf(request.query, 'PatchOptions'),
    writer: writerOf(backend, target, request),
  }
  const isForced = ['true', '1'].includes(request.query.get('force') ?? '')
  if (mediaType === applyType)
    return serveApply(backend, target, request, { ...options, force: request.query.has('force') && isForced })
  if (request.query.has('force')) {
    throw invalidOptions('PatchOptions', [forbiddenValue('force', 'may not be specified for non-apply patch')])
  }
  const patch = parsePatch(request.body)
  const live = existingObject(backend, target)
  if (target.subresource?.name === 'scale') return patchScale(backend, target, live, { mediaType, patch }, options)
  const patched = patchedObject(live, mediaType, patch)
  checkPatched(patched, live, target)
  return { status: 200, object: updateObject(backend, target, live, shapedPatched(patched, target), options) }
}

function checkPatchType(mediaType: string, type: ResourceType): void {
  if (mediaType === mergeType || mediaType === jsonType || mediaType === applyType) return
  if (type.custom) throw unsupportedMediaType([jsonType, mergeType, applyType])
  if (mediaType === strategicType) throw notSupported('strategic merge patch')
  throw new StatusFailure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
}

function parsePatch(text: string): unknown {
  let patch: unknown
  try {
    patch = JSON.parse(text)
  } catch {
    throw badRequest('invalid JSON patch')
  }
  if (isDeeperThan(maxDepth, patch)) throw badRequest('error decoding patch: exceeded max depth')
  return patch
}

function patchedObject(live: ApiObject, mediaType: string, patch: unknown): JsonObject {
  if (mediaType === jsonType) return bounded(jsonPatch(live, patch))
  if (!isObject(patch)) {
    const target = 'map[string]interface {}'
    throw badRequest(`error decoding patch: json: cannot unmarshal ${goType(patch)} into Go value of type ${target}`)
  }
  const result = mergePatch(live, patch)
  return bounded(isObject(result) ? result : emptyObject())
}

function bounded(object: JsonObject): JsonObject {
  if (isDeeperThan(maxDepth, object)) throw badRequest('error decoding patch: exceeded max depth')
  return object
}

/** @throws {@link StatusFailure} when the patch makes it another object, or was made for another version of it */
function checkPatched(patched: JsonObject, live: ApiObject, { type, namespace }: Target): void {
  const given = patched['metadata']
  const metadata = isObject(given) ? given : {}
  const { name } = live.metadata
  if (metadata['name'] !== name) {
    throw badRequest(
      `the name of the object (${textOf(metadata['name'])}) does not match the name on the URL (${name})`,
    )
  }
  if ((metadata['namespace'] ?? '') !== (namespace ?? '')) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  if (patched['kind'] !== live.kind || patched['apiVersion'] !== live.apiVersion) throw anotherKind(patched)
  const version = metadata['resourceVersion'] ?? ''
  if (version !== '' && version !== live.metadata.resourceVersion) throw staleVersion(type, name)
}

function anotherKind(patched: JsonObject): StatusFailure {
  const [kind, apiVersion] = [textOf(patched['kind']), textOf(patched['apiVersion'])]
  return unfit(
    patched,
    `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
  )
}

/** What would be 400 in a whole object is 422 in the result of a patch. */
function shapedPatched(patched: JsonObject, target: Target): JsonObject {
  try {
    return shapedManifest(patched, target)
  } catch (error) {
    if (error instanceof StatusFailure && error.body.code === 400) throw unfit(patched, error.message)
    throw error
  }
}

function unfit(patched: JsonObject, why: string): StatusFailure {
  return invalid({ group: '', kind: '' }, '', [invalidValue('patch', JSON.stringify(patched), why)])
}

interface ScalePatch {
  readonly mediaType: string
  readonly patch: unknown
}

function patchScale(
  backend: Backend,
  target: Target,
  live: ApiObject,
  { mediaType, patch }: ScalePatch,
  options: WriteOptions,
): Patched {
  const { type } = target
  if (type.scale === undefined) throw notFound(type, live.metadata.name)
  const patched = patchedObject(scaleOf(live, type.scale), mediaType, patch)
  const version = isObject(patched['metadata']) ? patched['metadata']['resourceVersion'] : undefined
  if (version !== live.metadata.resourceVersion) throw staleVersion(type, live.metadata.name)
  const object = updateObject(backend, target, live, withScale(live, patched, type), options)
  return { status: 200, object: scaleOf(object, type.scale) }
}

interface ApplyOptions extends WriteOptions {
  readonly force: boolean
}

function serveApply(backend: Backend, target: Target, request: ServedRequest, options: ApplyOptions): Patched {
  if ((request.query.get('fieldManager') ?? '') === '') {
    throw invalidOptions('PatchOptions', [requiredValue('fieldManager', 'is required for apply patch')])
  }
  if (target.subresource?.name === 'scale') throw notSupported('server-side apply of a scale')
  const applied = shapedManifest(readApplied(request.body, target), target)
  const live = findObject(backend, target)
  if (live === undefined) return applyNew(backend, target, applied, options)
  checkAppliedVersion(applied, live, target)
  const { force, ...write } = options
  const { writer } = options
  const rules = { custom: target.type.custom }
  const { object, managedFields } = applyObject({
    live,
    managedFields:
      live.metadata.managedFields ?? ownershipBeforeFirstApply(withoutOtherEndpoints(live, target), writer, rules),
    applied: withoutOtherEndpoints(applied, target),
    writer,
    force,
    rules,
  })
  return { status: 200, object: updateObject(backend, target, live, object, { ...write, managedFields }) }
}

function applyNew(backend: Backend, target: Target, applied: JsonObject, { writer, dryRun }: ApplyOptions): Patched {
  const { type, name = '' } = target
  if (target.subresource !== undefined) throw notFound(type, name)
  const uid = isObject(applied['metadata']) ? applied['metadata']['uid'] : undefined
  if (typeof uid === 'string') {
    throw conflict(
      type,
      name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    )
  }
  const own = withoutOtherEndpoints(applied, target)
  const rules = { custom: type.custom }
  const { managedFields } = applyObject({ live: {}, managedFields: [], applied: own, writer, force: false, rules })
  const metadata = isObject(own['metadata']) ? copyOf(own['metadata']) : emptyObject()
  delete metadata['resourceVersion']
  const manifest = Object.assign(copyOf(own), { metadata })
  return { status: 201, object: createObject(backend, target, manifest, { writer, dryRun, managedFields }) }
}

/** @throws {@link StatusFailure} 400; 501 for YAML beyond JSON */
function readApplied(text: string, { type, name = '' }: Target): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw notSupported('YAML bodies of server-side apply (JSON is valid YAML: send that)')
  }
  if (isDeeperThan(maxDepth, value)) throw badRequest('error decoding patch: exceeded max depth')
  if (!isObject(value)) {
    const why = `json: cannot unmarshal ${goType(value)} into Go value of type map[string]interface {}`
    throw badRequest(`error decoding patch: error unmarshaling JSON: while decoding JSON: ${why}`)
  }
  const [apiVersion, kind] = [value['apiVersion'] ?? '', value['kind'] ?? '']
  if (apiVersion !== apiVersionOf(type) || kind !== type.kind) {
    throw badRequest(
      `invalid object type: ${textOf(apiVersion).includes('/') ? '' : '/'}${textOf(apiVersion)}, Kind=${textOf(kind)}`,
    )
  }
  const given = value['metadata'] ?? {}
  const metadata = isObject(given) ? copyOf(given) : emptyObject()
  if (Array.isArray(metadata['managedFields']) && metadata['managedFields'].length > 0) {
    throw badRequest('metadata.managedFields must be nil')
  }
  const own = metadata['name'] ?? name
  if (own !== name)
    throw badRequest(`the name of the object (${textOf(own)}) does not match the name on the URL (${name})`)
  return Object.assign(copyOf(value), { metadata: Object.assign(metadata, { name }) })
}

function checkAppliedVersion(applied: JsonObject, live: ApiObject, { type }: Target): void {
  const version = isObject(applied['metadata']) ? (applied['metadata']['resourceVersion'] ?? '') : ''
  if (version !== '' && version !== live.metadata.resourceVersion) throw staleVersion(type, live.metadata.name)
}

/** The main endpoint ignores `status`, and `/status` all but it: neither is owned through the other. */
function withoutOtherEndpoints(applied: JsonObject, { type, subresource }: Target): JsonObject {
  if (subresource?.name !== 'status') {
    const result = copyOf(applied)
    if (hasStatus(type)) delete result['status']
    return result
  }
  const { apiVersion, kind, metadata, status } = applied
  const { name, namespace, uid } = isObject(metadata) ? metadata : emptyObject()
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }), ...(uid !== undefined && { uid }) },
    ...(status !== undefined && { status }),
  }
}
