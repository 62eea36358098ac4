import { copyOf, isObject, type JsonObject, textOf } from './json.ts'
import { qualifiedPlural, type ResourceType } from './resource-type.ts'
import { badRequest, quote } from './status-failure.ts'

/**
 * The two kinds whose content the server checks and completes, since tests of clients write them most: `data` holds strings, and
 * `stringData` of a Secret becomes `data`.
 *
 * @throws {@link StatusFailure} 400 for content that is no string or no base64
 */
export function withKindRules(manifest: JsonObject, type: ResourceType): JsonObject {
  const name = qualifiedPlural(type)
  if (name !== 'configmaps' && name !== 'secrets') return manifest
  for (const field of ['data', 'binaryData', 'stringData']) checkStrings(manifest, field, type)
  return name === 'secrets' ? completeSecret(manifest, type) : manifest
}

function checkStrings(manifest: JsonObject, field: string, { kind }: ResourceType): void {
  const value = manifest[field]
  if (value === undefined) return
  const wrong = isObject(value) ? Object.values(value).find((item) => typeof item !== 'string') : value
  if (wrong === undefined) return
  const found = Array.isArray(wrong) ? 'array' : typeof wrong === 'boolean' ? 'bool' : typeof wrong
  const expected = isObject(value) ? 'string' : 'map[string]string'
  throw unfit(kind, `json: cannot unmarshal ${found} into Go struct field ${kind}.${field} of type ${expected}`)
}

function completeSecret(manifest: JsonObject, { kind }: ResourceType): JsonObject {
  const { stringData, ...secret } = manifest
  const data = copyOf(isObject(secret['data']) ? secret['data'] : {})
  for (const text of Object.values(data)) {
    const index = textOf(text).search(/[^A-Za-z0-9+/=\r\n]/)
    if (index >= 0) throw unfit(kind, `illegal base64 data at input byte ${index}`)
  }
  for (const [name, text] of Object.entries(isObject(stringData) ? stringData : {})) {
    data[name] = Buffer.from(textOf(text)).toString('base64')
  }
  return { ...secret, ...(Object.keys(data).length > 0 && { data }), type: secret['type'] ?? 'Opaque' }
}

function unfit(kind: string, why: string): Error {
  return badRequest(`${kind} in version ${quote('v1')} cannot be handled as a ${kind}: ${why}`)
}
