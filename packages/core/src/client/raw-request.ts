import { InvalidRequestError } from '../spec/errors.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import type { RequestDefaults } from '../request/place.ts'
import { headerFields, headersOver } from '../request/header-fields.ts'
import { type Query, queryOf } from '../request/query.ts'
import { jsonOf } from '../request/resource-request.ts'
import { readBytes, type ReadContext, readJson, readText } from '../transport/read-response.ts'
import type { RawResponse, RequestOptions } from './client.ts'

/** The request of {@link Client.request}: what the caller says, with the client's own headers beneath. */
export function rawRequest(options: RequestOptions, defaults: RequestDefaults): KubeRequest {
  const {
    path,
    method: wanted = 'GET',
    query,
    headers,
    body,
    contentType = 'application/json',
    stream = false,
  } = options
  checkPath(path)
  const method = checkedMethod(wanted)
  return {
    method,
    path: defaults.pathPrefix + path,
    query: [...queryOf(query), ...rehearsal(method, options, defaults)],
    headers: {
      accept: 'application/json, */*',
      ...(body !== undefined && headerFields({ 'content-type': contentType })),
      ...headersOver(defaults.headers, headerFields(headers)),
    },
    ...(body !== undefined && { body: encodeBody(body) }),
    kind: stream ? 'stream' : 'unary',
  }
}

/** RFC 9110 section 9.1. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** No transport passes them on: they are about the connection. */
const refused = new Set(['CONNECT', 'TRACE'])

/** In capitals: methods are compared by letter, and `patch` is not PATCH. */
function checkedMethod(method: string): string {
  const name = typeof method === 'string' && token.test(method) ? method.toUpperCase() : undefined
  if (name !== undefined && !refused.has(name)) return name
  throw new InvalidRequestError(
    `${JSON.stringify(method)} is no method of a request: GET, POST, PUT, PATCH, DELETE are`,
  )
}

/** What makes a rehearsal of a write whose client has `dryRun`, unless the caller says something about that. */
function rehearsal(method: string, { path, query }: RequestOptions, { dryRun }: RequestDefaults): Query {
  if (dryRun !== true || method === 'GET' || method === 'HEAD') return []
  return query?.['dryRun'] !== undefined || /[?&]dryRun=/.test(path) ? [] : [['dryRun', 'All']]
}

/** One slash, then visible ASCII without the `#` of a fragment. */
const sendable = /^\/(?!\/)[!"$-~]*$/

function checkPath(path: string): void {
  if (typeof path === 'string' && sendable.test(path)) return
  throw new InvalidRequestError(
    `${JSON.stringify(path)} is no path: it begins with one "/", and holds visible ASCII without "#" (encode the rest)`,
  )
}

function encodeBody(body: string | Uint8Array | object): string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array ? body : jsonOf(body)
}

/** A response with the usual ways to read it. */
export function rawResponse(response: KubeResponse, context: ReadContext): RawResponse {
  return {
    ...response,
    text: () => readText(response),
    json: <T>() => readJson<T>(response, context),
    bytes: () => readBytes(response.body),
    [Symbol.asyncDispose]: () => {
      response.cancel()
      return Promise.resolve()
    },
  }
}
