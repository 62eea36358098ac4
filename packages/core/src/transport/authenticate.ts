import type { Credentials } from '../spec/credentials.ts'
import type { Handler } from '../spec/middleware.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import { basicValue, type CredentialCache } from './cache-credentials.ts'

/** Sends over the connections that belong to these credentials. */
export type SendAs = (request: KubeRequest, credentials: Credentials | undefined) => Promise<KubeResponse>

/**
 * Adds credentials, and replays a 401 once if other credentials can be had. An Authorization header of the caller's own
 * is left alone, as client-go does.
 */
export function authenticate(cache: CredentialCache | undefined, send: SendAs): Handler {
  if (cache === undefined) return (request) => send(request, undefined)
  return async (request) => {
    if (request.headers['authorization'] !== undefined) return send(request, undefined)
    const used = cache.fresh ?? (await cache.get(request.signal))
    const response = await send(withCredentials(request, used), used)
    if (response.status !== 401) return response
    return (await replay(cache, send, request, used, response)) ?? response
  }
}

async function replay(
  cache: CredentialCache,
  send: SendAs,
  request: KubeRequest,
  refused: Credentials,
  response: KubeResponse,
): Promise<KubeResponse | undefined> {
  const fresh = await cache.afterRefusal(refused, request.signal).catch((error: unknown) => {
    response.cancel()
    throw error
  })
  if (fresh === undefined) return undefined
  response.cancel()
  return send(withCredentials(request, fresh), fresh)
}

function withCredentials(request: KubeRequest, { token, basic }: Credentials): KubeRequest {
  const authorization =
    token !== undefined ? `Bearer ${token}` : basic === undefined ? undefined : `Basic ${basicValue(basic)}`
  return authorization === undefined ? request : { ...request, headers: { ...request.headers, authorization } }
}
