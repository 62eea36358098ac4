import type { Agent, ClientRequest, ClientRequestArgs } from 'node:http'
import * as https from 'node:https'
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
  const opening = openWay(connection, ended.signal)
  const endpoint = endpointOf(server)
  const turns = new Turns(unaryConnections)
  const inFlight = new Set<HttpsExchange>()
  const sockets = new UpgradedSockets()
  let closing: Error | undefined

  return {
    async send(request) {
      if (closing !== undefined) throw transportError(server, request, closing, false)
      const exchange = new HttpsExchange(request, connection, sockets)
      inFlight.add(exchange)
      void exchange.ended.then(() => inFlight.delete(exchange))
      const run = async (): Promise<void> => {
        const { unary, streams, start } = await opening
        const agent = request.kind === 'unary' ? unary : streams
        exchange.begin(() => start({ ...endpoint, agent, ...argumentsOf(request) }))
        return exchange.ended
      }
      if (request.kind === 'unary') turns.take(run)
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
      const { unary, streams } = await opening
      unary.destroy()
      streams.destroy()
      ended.abort() // a connection that is being made, and that nobody wants any more
    },
  }
}

function argumentsOf(request: KubeRequest): ClientRequestArgs {
  return {
    method: request.method,
    path: encodeTarget(request),
    headers: {
      ...lengthOf(request.body),
      ...(acceptingGzip(request) as Record<string, string | string[]>), // Node reads them; its type lacks `readonly`
      ...(request.kind === 'upgrade' && { connection: 'Upgrade', upgrade: 'websocket' }),
    },
  }
}

/** Node names the length of a body by itself, but not for DELETE: the server would take it for the next request. */
function lengthOf(body: KubeRequest['body']): { 'content-length'?: number } {
  return body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
}

interface Way {
  readonly unary: Agent
  /** Of watches and the like, which keep connections for long: those of unary calls are others. */
  readonly streams: Agent
  readonly start: (options: ClientRequestArgs) => ClientRequest
}

/**
 * To the server over TLS, or without. A module that imports `node:http` makes Node load its WebSocket, and undici with it.
 * Agents have no cap of their own, which would not count the tunnels that are being made.
 */
async function openWay(connection: ConnectionOptions, ended: AbortSignal): Promise<Way> {
  const { server, proxy } = connection
  const { Agent, request: start } = server.protocol === 'https:' ? https : await import('node:http')
  const options = { keepAlive: true, keepAliveMsecs: 30_000, timeout: idleMs, ...tlsSettings(connection) }
  const open = (): Agent => {
    const agent = new Agent(options)
    agent.getName = () => 'server' // there is one: Node would join all TLS options to a name, for each request
    if (proxy !== undefined) {
      agent.createConnection = (_, callback) => {
        void openTunnel(proxy, connection, ended, callback)
        return undefined
      }
    }
    return agent
  }
  return { unary: open(), streams: open(), start }
}

type Connected = NonNullable<Parameters<Agent['createConnection']>[1]>

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
