import { Agent as HttpAgent, type ClientRequestArgs, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { KubeRequest } from '../spec/request.ts'
import type { ConnectionOptions, Transport } from '../spec/transport.ts'
import { encodeTarget } from './encode-target.ts'
import { endpointOf } from './endpoint.ts'
import { HttpsExchange } from './https-exchange.ts'
import { acceptingGzip } from './inflate.ts'
import { tlsSettings } from './tls-settings.ts'
import { transportError } from './transport-error.ts'
import { Turns } from './turns.ts'
import { UpgradedSockets } from './upgraded-sockets.ts'

/** As in the undici transport. */
const unaryConnections = 32
const idleMs = 60_000

/** HTTP/1.1 over `node:https`: no undici in the bundle, and the transport for Bun and Deno. */
export function httpsTransport(connection: ConnectionOptions): Transport {
  const { server } = connection
  const ended = new AbortController()
  const agent = openAgent(connection, ended.signal)
  const unary = new Turns(unaryConnections)
  const inFlight = new Set<HttpsExchange>()
  const sockets = new UpgradedSockets()
  const start = server.protocol === 'https:' ? requestHttps : requestHttp
  let closing: Error | undefined

  return {
    async send(request) {
      if (closing !== undefined) throw transportError(server, request, closing, false)
      const exchange = new HttpsExchange(request, connection, sockets)
      inFlight.add(exchange)
      void exchange.ended.then(() => inFlight.delete(exchange))
      const run = (): Promise<void> => {
        exchange.begin(() => start(argumentsOf(server, request, agent)))
        return exchange.ended
      }
      if (request.kind === 'unary') unary.take(run)
      else void run()
      return exchange.response
    },
    async close(reason) {
      closing = reason ?? new Error('the client is closed')
      if (reason !== undefined) {
        for (const exchange of inFlight) exchange.abort(reason)
        ended.abort(reason)
      }
      await Promise.all([...[...inFlight].map((exchange) => exchange.ended), sockets.close(reason)])
      agent.destroy()
      ended.abort() // a connection that is being made, and that nobody wants any more
    },
  }
}

function argumentsOf(server: URL, request: KubeRequest, agent: HttpAgent): ClientRequestArgs {
  return {
    ...endpointOf(server),
    method: request.method,
    path: encodeTarget(request),
    headers: {
      ...lengthOf(request.body),
      ...(acceptingGzip(request) as Record<string, string | string[]>), // Node reads them; its type lacks `readonly`
      ...(request.kind === 'upgrade' && { connection: 'Upgrade', upgrade: 'websocket' }),
    },
    agent,
  }
}

/** Node names the length of a body by itself, but not for DELETE: the server would take it for the next request. */
function lengthOf(body: KubeRequest['body']): { 'content-length'?: number } {
  return body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
}

/** Without a cap of its own, which would not count the tunnels that are being made. */
function openAgent(connection: ConnectionOptions, ended: AbortSignal): HttpAgent {
  const { server, proxy } = connection
  const options = { keepAlive: true, keepAliveMsecs: 30_000, timeout: idleMs, ...tlsSettings(connection) }
  const agent = server.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options)
  if (proxy !== undefined) {
    agent.createConnection = (_, callback) => {
      void openTunnel(proxy, connection, ended, callback)
      return undefined
    }
  }
  return agent
}

type Connected = NonNullable<Parameters<HttpAgent['createConnection']>[1]>

async function openTunnel(
  proxy: URL,
  connection: ConnectionOptions,
  signal: AbortSignal,
  callback: Connected | undefined,
): Promise<void> {
  try {
    const { tunnel } = await import('./tunnel.ts') // a cold start without a proxy does not pay for it
    const socket = await tunnel(proxy, connection, { signal })
    callback?.(null, socket)
  } catch (error) {
    const failure = error instanceof Error ? error : new Error('no tunnel')
    ;(callback as ((error: Error) => void) | undefined)?.(failure) // its type asks for a stream beside the error
  }
}
