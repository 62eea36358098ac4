import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Objects as JSON. Absent: never answered. */
  readonly body?: string | object
}

export interface TokenRequest {
  readonly authorization: string | undefined
  readonly form: Readonly<Record<string, string>>
}

export interface Script {
  /** Laid over a discovery document that is right. */
  readonly discovery?: Answer | ((issuer: string) => object)
  readonly token?: (request: TokenRequest, issuer: string) => Answer | Promise<Answer>
}

export interface ScriptedProvider {
  readonly issuer: string
  readonly requests: readonly TokenRequest[]
}

/** For answers that no real provider can be made to give: over plain http to this machine. */
export async function scriptedProvider({ discovery = () => ({}), token }: Script): Promise<ScriptedProvider> {
  const requests: TokenRequest[] = []
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  const issuer = `http://127.0.0.1:${port}`
  const document = { issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url !== '/token') {
      const body = typeof discovery === 'function' ? { ...document, ...discovery(issuer) } : undefined
      send(response, typeof discovery === 'function' ? { body: body ?? {} } : discovery)
      return
    }
    const form = Object.fromEntries(new URLSearchParams(await text(request)))
    const asked = { form, authorization: request.headers.authorization }
    requests.push(asked)
    send(response, (await token?.(asked, issuer)) ?? { body: tokens(issuer) })
  }
  return { issuer, requests }
}

function send(response: ServerResponse, { status = 200, headers, body }: Answer): void {
  if (body === undefined) return
  const isText = typeof body === 'string'
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers })
  response.end(isText ? body : JSON.stringify(body))
}

/** What a provider answers, with these claims and fields changed. */
export function tokens(issuer: string, claims: object = {}, fields: object = {}, alg = 'RS256'): object {
  const now = Math.floor(Date.now() / 1000)
  const all = { iss: issuer, aud: 'kubernetes', sub: 'jane', iat: now, exp: now + 3600, ...claims }
  const jwt = [{ alg }, all].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return { access_token: 'access-hunter2', token_type: 'Bearer', id_token: `${jwt}.c2lnbmF0dXJl`, ...fields }
}
