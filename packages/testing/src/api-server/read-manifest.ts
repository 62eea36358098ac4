import type { ResourceCatalogue } from './resource-catalogue.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'
import { copyOf, emptyObject, isDeeperThan, isObject, type JsonObject } from './json.ts'
import { withKindRules } from './kind-rules.ts'
import { goType } from './patch.ts'
import type { Target } from './resolve-target.ts'
import { contentTypeOf, type ServedRequest } from './served-request.ts'
import { badRequest, invalid, invalidValue, notSupported, quote, unsupportedMediaType } from './status-failure.ts'

/** Deeper nesting is refused: everything behind may then recurse. */
export const maxDepth = 500

const bodyTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

/** @throws {@link StatusFailure} 415 for what no API server reads, 501 for what only a real one reads */
export function checkJsonBody(request: ServedRequest): void {
  const type = contentTypeOf(request)
  if (type === '' || type === 'application/json') return
  if (bodyTypes.includes(type)) throw notSupported(`bodies of type ${type}`)
  throw unsupportedMediaType(bodyTypes)
}

/** The body of POST and PUT as an object of the target's kind, in its namespace. */
export function readManifest(request: ServedRequest, target: Target, catalogue: ResourceCatalogue): JsonObject {
  checkJsonBody(request)
  const manifest = parseManifest(request.body, target.type.kind)
  checkKind(manifest, target.type, catalogue, request.body)
  return shapedManifest(manifest, target)
}

/** Fills in what the path says, and checks the shape of what every object has. */
export function shapedManifest(manifest: JsonObject, { type, namespace }: Target): JsonObject {
  const source = type.custom ? manifest : withoutNulls(manifest)
  const given = source['metadata'] ?? {}
  if (!isObject(given)) throw wrongType(type, `${type.kind}.metadata`, given, 'v1.ObjectMeta')
  const metadata = withoutNulls(given)
  checkMetadata(metadata, type)
  const own = metadata['namespace']
  const isElsewhere = typeof own === 'string' && own !== '' && own !== (namespace ?? '')
  if (isElsewhere && type.namespaced) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  if (namespace === undefined) delete metadata['namespace']
  else metadata['namespace'] = namespace
  const shaped = Object.assign(emptyObject(), source, { apiVersion: apiVersionOf(type), kind: type.kind, metadata })
  return withKindRules(shaped, type)
}

function parseManifest(text: string, kind: string): JsonObject {
  const unrecognized = (why: string): Error =>
    badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why}`,
    )
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (text === '') throw unrecognized('unexpected end of JSON input (<empty>)')
    throw unrecognized(`${syntaxMessage(error)} (${excerpt(text)})`)
  }
  if (isDeeperThan(maxDepth, value)) throw unrecognized('exceeded max depth')
  if (isObject(value)) return value
  const target =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
  throw unrecognized(`json: cannot unmarshal ${goType(value)} into Go value of type ${target} (${excerpt(text)})`)
}

/** The words of V8 differ from Go's; the sense does not. */
export function syntaxMessage(error: unknown): string {
  return error instanceof Error
    ? error.message.replace(/ in JSON at position.*| \(line.*|, "[\s\S]*/, '')
    : 'invalid JSON'
}

/** As the API server quotes bodies: what looks like JSON as it is, anything else in hexadecimal digits. */
function excerpt(text: string): string {
  const shown = text.length > 64 ? `${text.slice(0, 64)}…` : text
  return shown.trimStart().startsWith('{') ? shown : Buffer.from(shown).toString('hex')
}

/** @throws {@link StatusFailure} 400 or 422 for an object of another kind or version */
function checkKind(manifest: JsonObject, type: ResourceType, catalogue: ResourceCatalogue, text: string): void {
  const { apiVersion, kind } = { apiVersion: manifest['apiVersion'] ?? '', kind: manifest['kind'] ?? '' }
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): apiVersion and kind must be strings`,
    )
  }
  if (type.custom) checkCustomKind(apiVersion, kind, manifest, type, text)
  else checkBuiltInKind(apiVersion, kind, type, catalogue)
}

function checkCustomKind(
  apiVersion: string,
  kind: string,
  manifest: JsonObject,
  type: ResourceType,
  text: string,
): void {
  const expected = apiVersionOf(type)
  if (kind === '' || apiVersion === '') {
    const missing = kind === '' ? 'Kind' : 'apiVersion'
    const why = `Object '${missing}' is missing in '${excerpt(text)}' (${excerpt(text)})`
    throw badRequest(`the object provided is unrecognized (must be of type ${type.kind}): ${why}`)
  }
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    )
  }
  if (kind === type.kind) return
  const metadata = manifest['metadata']
  const name = isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : ''
  throw invalid({ group: type.group, kind }, name, [invalidValue('kind', kind, `must be ${type.kind}`)])
}

function checkBuiltInKind(apiVersion: string, kind: string, type: ResourceType, catalogue: ResourceCatalogue): void {
  const own = apiVersionOf(type)
  const [given, version] = [kind || type.kind, apiVersion || own]
  if (given === type.kind && version === own) return
  const found = catalogue.byKind(version, given)
  const short = version.slice(version.lastIndexOf('/') + 1)
  const internal = type.group === '' ? 'core' : type.group.split('.', 1)[0]
  const why =
    found === undefined || found.custom
      ? `no kind ${quote(given)} is registered for version ${quote(version)} in scheme "pkg/runtime/scheme.go:111"`
      : `converting (${short}.${given}) to (${internal}.${type.kind}): unknown conversion`
  throw badRequest(`${given} in version ${quote(short)} cannot be handled as a ${type.kind}: ${why}`)
}

const strings = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion']
const stringMaps = ['labels', 'annotations']

function checkMetadata(metadata: JsonObject, type: ResourceType): void {
  for (const field of strings) {
    const value = metadata[field]
    if (value !== undefined && typeof value !== 'string')
      throw wrongType(type, `ObjectMeta.metadata.${field}`, value, 'string')
  }
  for (const field of stringMaps) {
    const value = metadata[field]
    if (value === undefined) continue
    if (!isObject(value)) throw wrongType(type, `ObjectMeta.metadata.${field}`, value, 'map[string]string')
    const wrong = Object.values(value).find((item) => typeof item !== 'string')
    if (wrong !== undefined) throw wrongType(type, `ObjectMeta.metadata.${field}`, wrong, 'string')
  }
  for (const field of ['finalizers', 'managedFields', 'ownerReferences']) {
    const value = metadata[field]
    if (value !== undefined && !Array.isArray(value))
      throw wrongType(type, `ObjectMeta.metadata.${field}`, value, '[]string')
  }
}

function wrongType({ kind, version }: ResourceType, field: string, value: unknown, expected: string): Error {
  const why = `json: cannot unmarshal ${goType(value)} into Go struct field ${field} of type ${expected}`
  return badRequest(`${kind} in version ${quote(version)} cannot be handled as a ${kind}: ${why}`)
}

/** The API server decodes built-in kinds into structs, where null is the same as nothing. */
export function withoutNulls(object: JsonObject): JsonObject {
  const result = copyOf(object)
  for (const [name, value] of Object.entries(result)) {
    if (value === null) delete result[name]
    else if (isObject(value)) result[name] = withoutNulls(value)
  }
  return result
}
