import { createServer, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { startApiServer } from '@kubeclient/testing'

export interface StandIn {
  /** Of the cluster. */
  readonly url: string
  /** Where Google gives tokens. */
  readonly tokenUrl: string
  /** How many it gave. */
  readonly given: () => number
  readonly stop: () => Promise<void>
}

/** What of Google gives access tokens, and an API server in memory behind what takes them. */
export async function startStandIn(subjectToken: string): Promise<StandIn> {
  const api = await startApiServer()
  const tokens: string[] = []
  const google = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request))
    if (form.get('subject_token') !== subjectToken) return reply(response, 400, { error: 'invalid_grant' })
    const token = `ya29.token-${tokens.length + 1}`
    tokens.push(token)
    return reply(response, 200, { access_token: token, expires_in: 3600, token_type: 'Bearer' })
  })
  const gate = createServer(async ({ url = '/', headers }, response) => {
    const isKnown = tokens.some((token) => headers.authorization === `Bearer ${token}`)
    if (!isKnown) return reply(response, 401, { message: 'Unauthorized' })
    const accept = headers.accept ?? '*/*'
    const answer = await fetch(new URL(url, api.url), { headers: { accept, authorization: bearerOf(api.config) } })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    return response.end(await answer.text())
  })
  const stop = async (): Promise<void> => {
    for (const server of [google, gate]) server.close().closeAllConnections()
    await api.stop()
  }
  return { url: await listen(gate), tokenUrl: `${await listen(google)}/v1/token`, given: () => tokens.length, stop }
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
