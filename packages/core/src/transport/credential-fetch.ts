import type { CredentialFetch, CredentialFetchInit } from '../spec/credentials.ts'
import { ProtocolError } from '../spec/errors.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import type { ConnectionOptions, Transport, TransportFactory } from '../spec/transport.ts'
import { followRedirects } from './follow-redirects.ts'
import { readBytes } from './read-response.ts'
import { transportError } from './transport-error.ts'

/** Connections to different servers that are kept; providers use one or two. */
const kept = 8
/** Tokens and keys are short; whoever sends more keeps us busy. */
const maxBytes = 1 << 20

export interface CredentialFetchOptions {
  readonly factory: TransportFactory
  readonly proxyFor: (origin: URL) => URL | undefined
  readonly timeouts: Pick<ConnectionOptions, 'connectMs' | 'responseMs'>
}

export interface CredentialFetcher {
  readonly fetch: CredentialFetch
  close(reason: Error): Promise<void>
}

/**
 * A fetch for credential providers over the client's own kind of transport: the same proxy rules, and the system's CAs or
 * those given instead of the cluster's.
 */
export function credentialFetcher({ factory, proxyFor, timeouts }: CredentialFetchOptions): CredentialFetcher {
  const transports = new Map<string, Transport>()
  /** Those that others have replaced, and that have something in flight. */
  const retired = new Set<Transport>()
  let closing: Error | undefined

  const open = (server: URL, ca: string | undefined): Transport => {
    const proxy = proxyFor(server)
    return factory({
      server,
      insecureSkipVerify: false,
      http2: false,
      ...timeouts,
      ...(ca !== undefined && { ca }),
      ...(proxy !== undefined && { proxy }),
    })
  }
  const transportTo = (server: URL, ca: string | undefined): Transport => {
    const key = `${server.origin} ${ca ?? ''}`
    const known = transports.get(key)
    if (known !== undefined) return known
    if (transports.size >= kept) retireAll()
    const transport = open(server, ca)
    transports.set(key, transport)
    return transport
  }
  const retireAll = (): void => {
    for (const transport of transports.values()) {
      const forget = (): boolean => retired.delete(transport)
      retired.add(transport)
      transport.close().then(forget, forget)
    }
    transports.clear()
  }
  const send = (server: URL, ca: string | undefined, request: KubeRequest): Promise<KubeResponse> => {
    if (closing !== undefined) throw transportError(server, request, closing, false)
    return transportTo(server, ca).send(request)
  }

  const fetch: CredentialFetch = async (input, { tls, ...init } = {}) => {
    const asked = requestOf(input, init)
    const { origin, pathname } = new URL(asked.url)
    const server = new URL(origin)
    const follow = followRedirects({
      server,
      maxRedirects: asked.redirect === 'follow' ? 5 : 0,
      elsewhere: async (target, hop) => send(new URL(target.origin), tls?.ca, hop),
    })
    const response = await follow(await kubeRequest(asked), async (hop) => send(server, tls?.ca, hop))
    if (asked.redirect === 'error' && response.status >= 300 && response.status < 400) {
      throw new TypeError(`${origin}${pathname} redirects`)
    }
    const bytes = await readBytes(bounded(response.body, server))
    const body = [101, 204, 205, 304].includes(response.status) ? null : new Uint8Array(bytes)
    return new Response(body, { status: response.status, headers: headersOf(response.headers) })
  }

  return {
    fetch,
    async close(reason) {
      closing = reason
      await Promise.all([...transports.values(), ...retired].map((transport) => transport.close(reason)))
    },
  }
}

async function* bounded(body: AsyncIterable<Uint8Array>, { origin }: URL): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > maxBytes) throw new ProtocolError(`${origin}: the answer is longer than 1 MiB`)
    yield chunk
  }
}

/** Refuses before the runtime does, whose words quote the whole URL, with what secrets it may hold. */
function requestOf(input: string | URL | Request, init: Omit<CredentialFetchInit, 'tls'>): Request {
  const given = input instanceof Request ? input.url : String(input)
  if (!URL.canParse(given)) throw new TypeError('what is to be fetched is no URL')
  const { origin, username, password } = new URL(given)
  if (username !== '' || password !== '') throw new TypeError(`the URL at ${origin} holds a user name or password`)
  return new Request(input, init as RequestInit) // a Uint8Array is a body to every runtime
}

async function kubeRequest(asked: Request): Promise<KubeRequest> {
  const { pathname, search } = new URL(asked.url)
  return {
    method: asked.method,
    path: pathname + search,
    query: [],
    headers: Object.fromEntries(asked.headers),
    ...(asked.body !== null && { body: new Uint8Array(await asked.arrayBuffer()) }),
    kind: 'unary',
    signal: asked.signal,
  }
}

function headersOf(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Headers {
  const all = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const line of [value ?? []].flat()) all.append(name, line)
  }
  return all
}
