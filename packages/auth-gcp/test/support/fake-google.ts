import { createServer, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { CredentialFetch } from '@kubeclient/core/spec'
import { onTestFinished } from 'vitest'

export interface FakeAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is JSON. Absent: no answer comes. */
  readonly body?: unknown
}

export interface FakeRequest {
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Of a form. */
  readonly form: Readonly<Record<string, string>>
}

export interface FakeGoogle {
  readonly url: string
  readonly requests: readonly FakeRequest[]
  /** Goes to it with what is meant for Google, and to loopback with the rest. */
  readonly fetch: CredentialFetch
}

type Route = FakeAnswer | ((request: FakeRequest) => FakeAnswer)

/** Google's token endpoints and metadata server, on loopback. Whatever has no route is absent. */
export async function startFakeGoogle(routes: Readonly<Record<string, Route>>): Promise<FakeGoogle> {
  const requests: FakeRequest[] = []
  const server = createServer(async (incoming, response) => {
    const { pathname: path, search: query } = new URL(incoming.url ?? '/', 'http://localhost')
    const form = Object.fromEntries(new URLSearchParams(await text(incoming)))
    const request = { path, query, headers: incoming.headers, form }
    requests.push(request)
    const route = routes[path] ?? { status: 404, body: 'absent' }
    reply(response, typeof route === 'function' ? route(request) : route)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => server.close().closeAllConnections())
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return { url, requests, fetch: fetchTo(url) }
}

function reply(response: ServerResponse, { status = 200, headers = {}, body }: FakeAnswer): void {
  if (body === undefined) return
  const isJson = typeof body === 'object'
  response.writeHead(status, { 'content-type': isJson ? 'application/json' : 'text/html', ...headers })
  response.end(isJson ? JSON.stringify(body) : body)
}

function fetchTo(url: string): CredentialFetch {
  return (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input)
    const isGoogle = asked.hostname.endsWith('.googleapis.com')
    return fetch(isGoogle ? new URL(asked.pathname, url) : asked, init as RequestInit) // the same to every runtime
  }
}
