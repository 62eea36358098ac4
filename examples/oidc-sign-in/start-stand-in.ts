import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { startApiServer } from '@kubeclient/testing'

export interface StandIn {
  /** Of the cluster. */
  readonly url: string
  readonly issuer: string
  /** How many id tokens the provider gave. */
  readonly given: () => number
  readonly stop: () => Promise<void>
}

/**
 * An OpenID provider that rotates refresh tokens, and an API server in memory behind what takes its id tokens. Nothing is
 * signed: the tests of the package use a real provider and a real API server.
 */
export async function startStandIn(): Promise<StandIn> {
  const api = await startApiServer()
  const provider = createServer()
  const issuer = await listen(provider)
  const idTokens: string[] = []
  provider.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== '/token') return reply(response, 200, { issuer, token_endpoint: `${issuer}/token` })
    const form = new URLSearchParams(await text(request))
    if (form.get('refresh_token') !== `refresh-token-${idTokens.length + 1}`)
      return reply(response, 400, { error: 'invalid_grant' })
    const idToken = idTokenOf(issuer)
    idTokens.push(idToken)
    const rotated = `refresh-token-${idTokens.length + 1}`
    return reply(response, 200, { access_token: 'a', token_type: 'Bearer', id_token: idToken, refresh_token: rotated })
  })
  const gate = createServer(async ({ url = '/', headers }, response) => {
    const isKnown = idTokens.some((idToken) => headers.authorization === `Bearer ${idToken}`)
    if (!isKnown) return reply(response, 401, { message: 'Unauthorized' })
    const accept = headers.accept ?? '*/*'
    const answer = await fetch(new URL(url, api.url), { headers: { accept, authorization: bearerOf(api.config) } })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    return response.end(await answer.text())
  })
  const stop = async (): Promise<void> => {
    for (const server of [provider, gate]) server.close().closeAllConnections()
    await api.stop()
  }
  return { url: await listen(gate), issuer, given: () => idTokens.length, stop }
}

function idTokenOf(issuer: string): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: issuer, aud: 'kubernetes', sub: 'jane', iat: now, exp: now + 3600 }
  const [header, payload] = [{ alg: 'RS256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  return `${header}.${payload}.c2lnbmF0dXJl`
}

function bearerOf({ credentials }: Awaited<ReturnType<typeof startApiServer>>['config']): string {
  return typeof credentials === 'object' && 'token' in credentials ? `Bearer ${credentials.token}` : ''
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}
