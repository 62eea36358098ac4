import { InvalidRequestError } from '../spec/errors.ts'
import type { KubeRequest, RequestHeaders } from '../spec/request.ts'
import { encodeTarget } from './encode-target.ts'
import { notOfFetch, refuseRepeatedLines } from './fetch-limits.ts'

/** A request in the words of a fetch, but for its signal. @throws {@link ConfigError}, {@link InvalidRequestError} */
export function fetchArguments(server: URL, request: KubeRequest): [url: string, init: RequestInit] {
  const { method, path, headers, body, kind } = request
  if (kind === 'upgrade') throw notOfFetch('an upgrade to WebSocket', 'gives no socket')
  if (resolvable.test(path)) {
    throw new InvalidRequestError(`a fetch would send another path than ${JSON.stringify(path)}: it resolves dots`)
  }
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw new InvalidRequestError(`a fetch sends no body with ${method} (${path})`)
  }
  const init = {
    method,
    headers: headersOf(headers),
    redirect: 'manual' as const,
    ...(body !== undefined && { body: body as string | Uint8Array<ArrayBuffer> }), // no memory that threads share
  }
  return [server.origin + encodeTarget(request), init]
}

/** Segments `.` and `..`, in each of their spellings, and what counts as a slash. @see https://url.spec.whatwg.org/#path-state */
const resolvable = /^[^?]*(?:\\|\/(?:\.|%2e){1,2}(?:[/?]|$))/i

function headersOf(lines: RequestHeaders): Headers {
  refuseRepeatedLines(lines)
  const headers = new Headers()
  for (const [name, value] of Object.entries(lines)) {
    const [line] = [value].flat()
    if (line === undefined) continue
    try {
      headers.set(name, line)
    } catch {
      // The fetch's own words quote the value.
      throw new InvalidRequestError(`the header ${JSON.stringify(name)} holds characters that no header can`)
    }
  }
  return headers
}
