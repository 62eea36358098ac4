import type { Socket } from 'node:net'
import { type buildConnector, type Dispatcher as UndiciDispatcher, Pool } from 'undici/index.js'
import type { KubeRequest } from '../spec/request.ts'
import type { ConnectionOptions, Transport } from '../spec/transport.ts'
import { encodeTarget } from './encode-target.ts'
import type { Dispatcher } from './exchange-handler.ts'
import type { Http2Times } from './http2-connection.ts'
import { acceptingGzip } from './inflate.ts'
import { headLimit } from './response-limits.ts'
import { StreamExchange } from './stream-exchange.ts'
import { tlsSettings } from './tls-settings.ts'
import { UnaryExchange } from './unary-exchange.ts'
import { UpgradedSockets } from './upgraded-sockets.ts'

/** Enough for bursts; more would cost handshakes than it saves in waiting. */
const unaryConnections = 32
/** The API server closes a connection that idles for 90 s; ours go first, so that none is closed under a request. */
const idleMs = 60_000

/**
 * HTTP/1.1 over undici's connection pool, and HTTP/2 beside it if that is wanted. Streams have a pool of their own without a
 * cap: a hundred open watches leave the connections of other calls free.
 */
export function undiciTransport(connection: ConnectionOptions, http2Times?: Http2Times): Transport {
  const { server } = connection
  const ended = new AbortController()
  const http1 = openPools(connection, ended.signal)
  const wanted = connection.http2 && server.protocol === 'https:' // without TLS a server does not say that it speaks it
  const http2 = wanted ? lazyHttp2(connection, http1.dispatch, http2Times) : undefined
  const sockets = new UpgradedSockets()

  return {
    send(request) {
      const { dispatch } = http2 === undefined || request.kind === 'upgrade' ? http1 : http2
      return new Promise((resolve, reject) => {
        const exchange =
          request.kind === 'stream'
            ? new StreamExchange(server, request, resolve, reject)
            : new UnaryExchange(server, request, resolve, reject, sockets)
        dispatch(request, exchange)
      })
    },
    async close(reason) {
      if (http2 !== undefined) await http2.close(reason) // first: it may still find that the server speaks HTTP/1.1 only
      await Promise.all([http1.close(reason), sockets.close(reason)])
      ended.abort()
    },
  }
}

function openPools(connection: ConnectionOptions, ended: AbortSignal): Dispatcher {
  const { server, responseMs } = connection
  const settings = poolOptions(connection, ended)
  const unary = new Pool(server.origin, { ...settings, connections: unaryConnections })
  const streams = new Pool(server.origin, settings)
  // Equal values on purpose: undici then keeps one timer instead of making one for each phase.
  const timeouts = { headersTimeout: responseMs, bodyTimeout: responseMs }

  return {
    dispatch(request, handler) {
      const options = dispatchOptions(request)
      switch (request.kind) {
        case 'unary':
          unary.dispatch({ ...options, ...timeouts }, handler)
          break
        case 'stream':
          streams.dispatch({ ...options, headersTimeout: headLimit(request, responseMs), bodyTimeout: 0 }, handler)
          break
        case 'upgrade':
          streams.dispatch({ ...options, ...timeouts, upgrade: 'websocket' }, handler)
      }
    },
    async close(reason) {
      const end = reason === undefined ? (pool: Pool) => pool.close() : (pool: Pool) => pool.destroy(reason)
      await Promise.all([end(unary), end(streams)])
    },
  }
}

/** A cold start without HTTP/2 does not pay for it. */
function lazyHttp2(
  connection: ConnectionOptions,
  http1: Dispatcher['dispatch'],
  times: Http2Times | undefined,
): Dispatcher {
  let loading: Promise<Dispatcher> | undefined
  let closed = false
  const load = async (): Promise<Dispatcher> => {
    const { http2Dispatcher } = await import('./http2-dispatcher.ts')
    return http2Dispatcher(connection, http1, times)
  }
  return {
    dispatch(request, handler) {
      if (closed) return http1(request, handler) // which is closed too, and says so
      loading ??= load()
      return void loading.then((loaded) => loaded.dispatch(request, handler))
    },
    async close(reason) {
      closed = true
      const loaded = await loading
      await loaded?.close(reason)
    },
  }
}

/** undici would go on with a connection that is being made, whoever still wants it: `ended` ends that too. */
function poolOptions(connection: ConnectionOptions, ended: AbortSignal): Pool.Options {
  const { proxy } = connection
  return {
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    connect: proxy === undefined ? direct(connection, ended) : through(proxy, connection, ended),
  }
}

function direct(connection: ConnectionOptions, signal: AbortSignal): buildConnector.BuildOptions {
  const { connectMs: timeout } = connection
  return { timeout, signal, keepAlive: true, keepAliveInitialDelay: 30_000, ...tlsSettings(connection) }
}

/** Our own way through a proxy: undici's agents know no SOCKS5 with TLS options, and would be a second kind of pool. */
function through(proxy: URL, connection: ConnectionOptions, signal: AbortSignal): buildConnector.connector {
  return async (_, callback) => {
    let socket: Socket
    try {
      const { tunnel } = await import('./tunnel.ts') // a cold start without a proxy does not pay for it
      socket = await tunnel(proxy, connection, { signal })
    } catch (error) {
      callback(error instanceof Error ? error : new Error('no tunnel'), null)
      return
    }
    callback(null, socket)
  }
}

function dispatchOptions(request: KubeRequest): UndiciDispatcher.DispatchOptions {
  return {
    path: encodeTarget(request),
    method: request.method,
    headers: acceptingGzip(request) as Record<string, string | string[]>, // undici reads them; its type lacks `readonly`
    ...(request.body !== undefined && { body: request.body }),
  }
}
