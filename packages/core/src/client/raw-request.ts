import { InvalidRequestError } from '../spec/errors.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import type { RequestDefaults } from '../request/place.ts'
import { headerFields } from '../request/header-fields.ts'
import { queryOf } from '../request/query.ts'
import { readBytes, type ReadContext, readJson, readText } from '../transport/read-response.ts'
import type { RawResponse, RequestOptions } from './client.ts'

/** The request of {@link Client.request}: what the caller says, with the client's own headers beneath. */
export function rawRequest(options: RequestOptions, defaults: RequestDefaults): KubeRequest {
  const { path, method = 'GET', query, headers, body, contentType = 'application/json', stream = false } = options
  checkPath(path)
  return {
    method,
    path: defaults.pathPrefix + path,
    query: queryOf(query),
    headers: {
      accept: 'application/json, */*',
      ...(body !== undefined && { 'content-type': contentType }),
      ...defaults.headers,
      ...headerFields(headers),
    },
    ...(body !== undefined && { body: encodeBody(body) }),
    kind: stream ? 'stream' : 'unary',
  }
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
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
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
