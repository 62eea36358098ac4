import { isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { ConnectionOptions } from '../spec/transport.ts'
import { endpointOf } from './endpoint.ts'
import type { Dispatcher } from './exchange-handler.ts'
import type { Http2Times } from './http2-connection.ts'
import { Http2Pool } from './http2-pool.ts'
import { socketReady } from './socket-ready.ts'
import { tlsSettings } from './tls-settings.ts'
import { codedError } from './transport-error.ts'
import { whileConnecting } from './while-connecting.ts'

const ALPNProtocols = ['h2', 'http/1.1']
/** Those of client-go, and the idle time of our other connections. */
const usualTimes: Http2Times = { quietMs: 30_000, answerMs: 15_000, idleMs: 60_000 }
/** Of 100 streams each, if the server allows them. */
const unaryConnections = 32

/**
 * HTTP/2 over `node:http2`, as undici's own cannot serve here (docs/decisions/0006). Watches have connections of their own:
 * a hundred of them would take all streams, and other calls would wait for ever. A server that does not offer HTTP/2 is
 * spoken to in HTTP/1.1.
 */
export function http2Dispatcher(
  connection: ConnectionOptions,
  http1: Dispatcher['dispatch'],
  times: Http2Times = usualTimes,
): Dispatcher {
  const { server, connectMs, responseMs } = connection
  const ended = new AbortController()
  let http1Only = false
  const open = async (): Promise<Socket | undefined> => {
    const socket = await openTls(connection, ended.signal)
    if (socket.alpnProtocol === 'h2') return socket
    socket.destroy()
    http1Only = true
    return undefined
  }
  const options = { server, connectMs, responseMs, times, open, http1 }
  const unary = new Http2Pool({ ...options, maxConnections: unaryConnections })
  const streams = new Http2Pool({ ...options, maxConnections: Number.POSITIVE_INFINITY })
  return {
    dispatch(request, handler) {
      if (http1Only) http1(request, handler)
      else (request.kind === 'unary' ? unary : streams).dispatch(request, handler)
    },
    async close(reason) {
      await Promise.all([unary.close(reason), streams.close(reason)])
      ended.abort() // a connection that is being made, too
    },
  }
}

async function openTls(connection: ConnectionOptions, signal: AbortSignal): Promise<TLSSocket> {
  const { proxy } = connection
  if (proxy === undefined) return openDirect(connection, signal)
  const { tunnel } = await import('./tunnel.ts')
  return (await tunnel(proxy, connection, { signal, ALPNProtocols })) as TLSSocket // the server's URL is https
}

function openDirect(connection: ConnectionOptions, signal: AbortSignal): Promise<TLSSocket> {
  const { host, port } = endpointOf(connection.server)
  const { connectMs } = connection
  const servername = isIP(host) === 0 ? { servername: host } : {}
  const socket = connectTls({ host, port, ALPNProtocols, ...servername, ...tlsSettings(connection) })
  return whileConnecting(
    socket,
    { connectMs, late: codedError('CONNECT_TIMEOUT', 'no connection'), signal },
    async () => {
      await socketReady(socket, 'secureConnect')
      return socket
    },
  )
}
