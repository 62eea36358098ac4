import type { Backend } from './backend.ts'
import { apiVersionOf, qualifiedPlural, type ResourceType } from './resource-type.ts'
import type { ApiObject, JsonObject } from './json.ts'
import { isObject } from './json.ts'
import { checkListOptions, integer, selectionOf, versionOf } from './list-options.ts'
import type { Target } from './resolve-target.ts'
import { badRequest, expired, versionTooLarge } from './status-failure.ts'
import { storeKey } from './store.ts'
import { inVersion } from './write-object.ts'

export interface ListAnswer {
  readonly list: JsonObject
  readonly metadata: object
  readonly items: readonly ApiObject[]
}

/** @throws {@link StatusFailure} 400, 410, 422, 504 */
export function serveList(backend: Backend, target: Target, query: URLSearchParams): ListAnswer {
  checkListOptions(query, false)
  const { type } = target
  const { store } = backend
  const selection = selectionOf(target, query)
  // Only watches wait, but a timeout that is no number is refused for both.
  integer(query, 'timeoutSeconds')
  const limit = Math.max(0, integer(query, 'limit') ?? 0)
  const start = startOf(backend, query, limit)

  const all = store.list(qualifiedPlural(type), start.at).filter(selection.matches)
  const rest = start.after === undefined ? all : all.filter((object) => keyOf(object) > (start.after ?? ''))
  const page = limit === 0 ? rest : rest.slice(0, limit)
  const last = page.at(-1)
  const remaining = rest.length - page.length
  const revision = start.at ?? store.revision()
  const metadata = {
    resourceVersion: String(revision),
    ...(remaining > 0 && last !== undefined && { continue: tokenOf(revision, keyOf(last)) }),
    ...(remaining > 0 && !selection.isNarrowed && { remainingItemCount: remaining }),
  }
  const items = page.map((object) => inVersion(object, type))
  return { list: listOf(type, metadata, items), metadata, items }
}

/** Items of built-in kinds do not say what they are; custom ones do, and their lists have an empty `continue`. */
export function listOf(type: ResourceType, metadata: object, items: readonly ApiObject[]): JsonObject {
  const head = { kind: `${type.kind}List`, apiVersion: apiVersionOf(type) }
  if (type.custom) return { ...head, metadata: { continue: '', ...metadata }, items }
  return { ...head, metadata, items: items.map(withoutKind) }
}

function withoutKind(object: ApiObject): JsonObject {
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object
  return rest
}

interface Start {
  /** The version to list as of; absent: now. */
  readonly at?: number
  /** The key of the last object of the page before. */
  readonly after?: string
}

function startOf({ store }: Backend, query: URLSearchParams, limit: number): Start {
  const [token, given] = [query.get('continue') ?? '', query.get('resourceVersion') ?? '']
  if (token !== '') {
    if (given !== '' && given !== '0')
      throw badRequest('specifying resource version is not allowed when using continue')
    return continued(token, store.compactedRevision())
  }
  const version = listVersion(given)
  if (version === undefined || version === 0) return {}
  if (version > store.revision()) throw versionTooLarge(version, store.revision())
  const match = query.get('resourceVersionMatch') ?? ''
  // As of old: a limit without a match makes the version exact.
  const isExact = match === 'Exact' || (match === '' && limit > 0)
  if (!isExact) return {}
  if (version < store.compactedRevision()) throw expired('The resourceVersion for the provided list is too old.')
  return { at: version }
}

function listVersion(text: string): number | undefined {
  if (text !== '' && !/^\d{1,19}$/.test(text)) {
    const quoted = JSON.stringify(text)
    const why = `Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`
    throw badRequest(`invalid resource version: resourceVersion: ${why}`)
  }
  return versionOf(text)
}

const tooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'

function continued(token: string, compacted: number): Start {
  const { rv, start } = parseToken(token)
  if (rv < 0) return { after: start }
  if (rv < compacted) throw expired(tooOld, tokenOf(-1, start))
  return { at: rv, after: start }
}

function tokenOf(rv: number, start: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start: `${start}\0` })).toString('base64url')
}

function parseToken(token: string): { rv: number; start: string } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (isObject(parsed) && Number.isSafeInteger(parsed['rv']) && typeof parsed['start'] === 'string') {
      return { rv: Number(parsed['rv']), start: parsed['start'].replace(/\0$/, '') }
    }
  } catch {
    // What is no JSON is no token either: one answer for both.
  }
  throw badRequest('invalid continue token: continue key is not valid')
}

function keyOf({ metadata }: ApiObject): string {
  return storeKey(metadata.namespace, metadata.name)
}
