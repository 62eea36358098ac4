import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ConnectionOptions } from '../spec/transport.ts'
import { endpointOf } from './endpoint.ts'
import { askHttpProxy } from './http-proxy.ts'
import { ProxyError } from './proxy-error.ts'
import { socketReady } from './socket-ready.ts'
import { askSocksProxy } from './socks-proxy.ts'
import { tlsSettings } from './tls-settings.ts'
import { whileConnecting } from './while-connecting.ts'

export interface TunnelOptions {
  /** Ends a tunnel that is being made. */
  readonly signal: AbortSignal
  /** @defaultValue HTTP/1.1 */
  readonly ALPNProtocols?: string[]
}

/**
 * A connection to the server through its proxy: HTTP CONNECT or SOCKS5 to the proxy, then TLS to the server inside, so that
 * the proxy sees neither requests nor credentials. The whole takes at most `connectMs`.
 */
export function tunnel(
  proxy: URL,
  connection: ConnectionOptions,
  { signal, ALPNProtocols = ['http/1.1'] }: TunnelOptions,
): Promise<Socket> {
  const { server, connectMs } = connection
  const late = new ProxyError(proxy, `no connection through it within ${connectMs} ms (\`timeouts.connectMs\`)`)
  const raw = openToProxy(proxy)
  return whileConnecting(raw, { connectMs, late, signal }, async () => {
    await passProxy(raw, proxy, server)
    return server.protocol === 'https:' ? secure(raw, connection, ALPNProtocols) : raw
  })
}

function openToProxy(proxy: URL): Socket {
  const { host, port } = endpointOf(proxy)
  const socket =
    proxy.protocol === 'https:'
      ? connectTls({ host, port, ALPNProtocols: ['http/1.1'], ...(isIP(host) === 0 && { servername: host }) })
      : connectTcp({ host, port })
  return socket.setKeepAlive(true, 30_000)
}

/** Until the tunnel stands, whatever fails is not the server's fault. */
async function passProxy(raw: Socket, proxy: URL, server: URL): Promise<void> {
  const ask = proxy.protocol === 'socks5:' ? askSocksProxy : askHttpProxy
  try {
    await socketReady(raw, proxy.protocol === 'https:' ? 'secureConnect' : 'connect')
    await ask(raw, proxy, endpointOf(server))
  } catch (error) {
    throw ProxyError.of(proxy, error)
  }
}

async function secure(raw: Socket, connection: ConnectionOptions, ALPNProtocols: string[]): Promise<Socket> {
  const { host } = endpointOf(connection.server)
  const servername = isIP(host) === 0 ? { servername: host } : {}
  const socket = connectTls({ socket: raw, host, ALPNProtocols, ...servername, ...tlsSettings(connection) })
  try {
    await socketReady(socket, 'secureConnect')
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}
