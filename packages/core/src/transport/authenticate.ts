import type { Credentials } from '../spec/credentials.ts'
import type { Handler } from '../spec/middleware.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import type { CredentialCache } from './cache-credentials.ts'
import { basicValue, secretsOf, secretsOfHeader, sentSecrets } from './sent-secrets.ts'

/** Sends over the connections that belong to these credentials. */
export type SendAs = (request: KubeRequest, credentials: Credentials | undefined) => Promise<KubeResponse>

/**
 * Adds credentials, and replays a 401 once if other credentials can be had. An Authorization header of the caller's own
 * takes the place of ours, and its 401 is the caller's; the client certificate, which is of the connection, stays.
 */
export function authenticate(cache: CredentialCache | undefined, send: SendAs): Handler {
  return async (request) => {
    const own = request.headers['authorization']
    const used = cache && (cache.fresh ?? (await cache.get(request.signal)))
    if (own !== undefined) {
      sentSecrets(request)?.note(secretsOfHeader(own))
      return send(request, used)
    }
    const response = await sendWith(used, send, request)
    if (response.status !== 401 || cache === undefined || used === undefined) return response
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
  return sendWith(fresh, send, request)
}

function sendWith(credentials: Credentials | undefined, send: SendAs, request: KubeRequest): Promise<KubeResponse> {
  sentSecrets(request)?.note(credentials === undefined ? [] : secretsOf(credentials))
  return send(credentials === undefined ? request : withCredentials(request, credentials), credentials)
}

function withCredentials(request: KubeRequest, { token, basic }: Credentials): KubeRequest {
  const authorization =
    token !== undefined ? `Bearer ${token}` : basic === undefined ? undefined : `Basic ${basicValue(basic)}`
  return authorization === undefined ? request : { ...request, headers: { ...request.headers, authorization } }
}
