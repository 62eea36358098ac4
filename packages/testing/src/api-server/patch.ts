import { applyPatch, Pointer } from 'rfc6902'
import { copyOf, isObject, type JsonObject } from './json.ts'
import { badRequest, StatusFailure } from './status-failure.ts'

/** @see https://www.rfc-editor.org/rfc/rfc7386 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const result = isObject(target) ? copyOf(target) : copyOf({})
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = mergePatch(result[name], value)
  }
  return result
}

/** As many operations as the API server takes in one patch. */
const maxOperations = 10_000

/**
 * @throws {@link StatusFailure} 400 for what is no patch, 422 for one that does not fit the object
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
export function jsonPatch(target: JsonObject, patch: unknown): JsonObject {
  if (!Array.isArray(patch)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${goType(patch)} into Go value of type []handlers.jsonPatchOp`,
    )
  }
  if (patch.length > maxOperations) {
    const message = `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`
    throw new StatusFailure(413, 'RequestEntityTooLarge', message)
  }
  const result = structuredClone(target)
  for (const operation of patch.map(operationOf)) {
    const [error] = applyPatch(result, [asServed(operation, result)])
    if (error !== null) throw doesNotFit()
  }
  return result
}

/** The API server's library takes `replace` of a missing field for `add`. */
function asServed(operation: PatchOperation, target: JsonObject): PatchOperation {
  const parent = parentOf(operation.path, target)
  if ('from' in operation) parentOf(operation.from, target)
  return operation.op === 'replace' && isObject(parent) ? { ...operation, op: 'add' } : operation
}

/** What the last name of a pointer is looked up in. Only own fields count: `/constructor/name` leads nowhere. */
function parentOf(pointer: string, target: JsonObject): unknown {
  let parent: unknown = target
  for (const name of Pointer.fromJSON(pointer).tokens.slice(1, -1)) {
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, name)) throw doesNotFit()
    parent = Reflect.get(parent, name)
  }
  if (Array.isArray(parent) && !/\/(?:-|0|[1-9]\d*)$/.test(pointer)) throw doesNotFit()
  return parent
}

type PatchOperation = Parameters<typeof applyPatch>[1][number]

function operationOf(operation: unknown): PatchOperation {
  if (!isObject(operation) || !isPointer(operation['path'])) throw doesNotFit()
  if ('from' in operation && !isPointer(operation['from'])) throw doesNotFit()
  // A cast: rfc6902 checks the rest itself and answers with an error.
  return operation as unknown as PatchOperation
}

function isPointer(value: unknown): boolean {
  return typeof value === 'string' && (value === '' || value.startsWith('/'))
}

function doesNotFit(): StatusFailure {
  return new StatusFailure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}

/** What Go's JSON decoder calls it. */
export function goType(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return value === null || typeof value === 'boolean' ? 'bool' : typeof value
}
