import type { Middleware } from '../spec/middleware.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'

export interface FollowRedirectsOptions {
  readonly server: URL
  readonly maxRedirects: number
  /** Sends to another origin, over connections without the client's certificate. */
  readonly elsewhere: (origin: URL, request: KubeRequest) => Promise<KubeResponse>
}

/** All that another origin is sent: no credentials, no impersonation, no cookie, no header of the caller's own. */
const keptElsewhere = ['accept', 'user-agent'] as const

/**
 * Follows redirects as far as that is safe; any other comes back as the response that it is.
 *
 * @see RFC 9110 section 15.4
 */
export function followRedirects({ server, maxRedirects, elsewhere }: FollowRedirectsOptions): Middleware {
  return async (request, next) => {
    let hop: Hop = { request, origin: server, send: next }
    for (let followed = 0; ; followed += 1) {
      const response = await hop.send(hop.request)
      if (response.status < 300 || response.status > 399 || followed >= maxRedirects) return response
      const following = nextHop(hop, response, { server, send: next, elsewhere })
      if (following === undefined) return response
      response.cancel()
      hop = following
    }
  }
}

interface Hop {
  readonly request: KubeRequest
  readonly origin: URL
  readonly send: (request: KubeRequest) => Promise<KubeResponse>
}

interface Ways {
  readonly server: URL
  readonly send: Hop['send']
  readonly elsewhere: FollowRedirectsOptions['elsewhere']
}

/** Where a response leads to; `undefined` when it may not be followed. */
function nextHop({ request, origin }: Hop, response: KubeResponse, { server, send, elsewhere }: Ways): Hop | undefined {
  const target = locationOf(response, new URL(request.path, origin))
  if (target === undefined || request.kind === 'upgrade' || !keepsMeaning(request, response.status)) return undefined
  const moved = { ...request, path: target.pathname, query: [...target.searchParams] }
  if (target.origin === origin.origin)
    return { request: moved, origin, send: origin === server ? send : (next) => elsewhere(target, next) }
  const read = request.method === 'GET' || request.method === 'HEAD'
  const downgrade = origin.protocol === 'https:' && target.protocol === 'http:'
  if (!read || downgrade) return undefined
  const kept = keptElsewhere.flatMap((name) => (name in request.headers ? [[name, request.headers[name]]] : []))
  return {
    request: { ...moved, headers: Object.fromEntries(kept) },
    origin: target,
    send: (next) => elsewhere(target, next),
  }
}

/** 301, 302 and 303 turn other methods into GET, which would be another request than was meant. */
function keepsMeaning({ method }: KubeRequest, status: number): boolean {
  if (status === 307 || status === 308) return true
  return (status === 301 || status === 302 || status === 303) && (method === 'GET' || method === 'HEAD')
}

function locationOf({ headers }: KubeResponse, base: URL): URL | undefined {
  const { location } = headers
  if (typeof location !== 'string' || !URL.canParse(location, base.href)) return undefined
  const url = new URL(location, base)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined
}
