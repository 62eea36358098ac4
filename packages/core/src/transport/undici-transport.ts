import type { Socket } from 'node:net'
import { type buildConnector, type Dispatcher, Pool } from 'undici/index.js'
import type { KubeRequest } from '../spec/request.ts'
import type { ConnectionOptions, Transport } from '../spec/transport.ts'
import { encodeTarget } from './encode-target.ts'
import { tlsSettings } from './tls-settings.ts'
import { StreamExchange } from './stream-exchange.ts'
import { UnaryExchange } from './unary-exchange.ts'
import { UpgradedSockets } from './upgraded-sockets.ts'

/** Enough for bursts; more would cost handshakes than it saves in waiting. */
const unaryConnections = 32
/** The API server closes a connection that idles for 90 s; ours go first, so that none is closed under a request. */
const idleMs = 60_000

const untimed = { headersTimeout: 0, bodyTimeout: 0 }

/**
 * HTTP/1.1 over undici's connection pool. Streams have a pool of their own without a cap: a hundred open watches leave the
 * connections of other calls free.
 */
export function undiciTransport(connection: ConnectionOptions): Transport {
  const { server, responseMs } = connection
  const settings = poolOptions(connection)
  const unary = new Pool(server.origin, { ...settings, connections: unaryConnections })
  const streams = new Pool(server.origin, settings)

  const sockets = new UpgradedSockets()
  // Equal values on purpose: undici then keeps one timer instead of making one for each phase.
  const timeouts = { headersTimeout: responseMs, bodyTimeout: responseMs }

  return {
    send(request) {
      const options = dispatchOptions(request)
      return new Promise((resolve, reject) => {
        switch (request.kind) {
          case 'unary':
            unary.dispatch({ ...options, ...timeouts }, new UnaryExchange(server, request, resolve, reject))
            break
          case 'stream':
            streams.dispatch({ ...options, ...untimed }, new StreamExchange(server, request, resolve, reject))
            break
          case 'upgrade': {
            const exchange = new UnaryExchange(server, request, resolve, reject, sockets)
            streams.dispatch({ ...options, ...timeouts, upgrade: 'websocket' }, exchange)
          }
        }
      })
    },
    async close(reason) {
      const end = reason === undefined ? (pool: Pool) => pool.close() : (pool: Pool) => pool.destroy(reason)
      await Promise.all([end(unary), end(streams), sockets.close(reason)])
    },
  }
}

function poolOptions(connection: ConnectionOptions): Pool.Options {
  return {
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    connect: connection.proxy === undefined ? direct(connection) : through(connection.proxy, connection),
  }
}

function direct(connection: ConnectionOptions): buildConnector.BuildOptions {
  return { timeout: connection.connectMs, keepAlive: true, keepAliveInitialDelay: 30_000, ...tlsSettings(connection) }
}

/** Our own way through a proxy: undici's agents know no SOCKS5 with TLS options, and would be a second kind of pool. */
function through(proxy: URL, connection: ConnectionOptions): buildConnector.connector {
  return async (_, callback) => {
    let socket: Socket
    try {
      const { tunnel } = await import('./tunnel.ts') // a cold start without a proxy does not pay for it
      socket = await tunnel(proxy, connection)
    } catch (error) {
      callback(error instanceof Error ? error : new Error('no tunnel'), null)
      return
    }
    callback(null, socket)
  }
}

function dispatchOptions(request: KubeRequest): Dispatcher.DispatchOptions {
  return {
    path: encodeTarget(request),
    method: request.method,
    headers: request.headers as Record<string, string | string[]>, // undici reads them; its type lacks `readonly`
    ...(request.body !== undefined && { body: request.body }),
  }
}
