import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ConnectionOptions } from '../spec/transport.ts'
import { askHttpProxy } from './http-proxy.ts'
import { askSocksProxy } from './socks-proxy.ts'
import { endpointOf, proxyError } from './proxy-endpoint.ts'
import { socketReady } from './socket-ready.ts'
import { tlsSettings } from './tls-settings.ts'

/**
 * A connection to the server through its proxy: HTTP CONNECT or SOCKS5 to the proxy, then TLS to the server inside, so that
 * the proxy sees neither requests nor credentials. The whole takes at most `connectMs`.
 */
export async function tunnel(
  proxy: URL,
  connection: ConnectionOptions,
  ALPNProtocols: string[] = ['http/1.1'],
): Promise<Socket> {
  const { server, connectMs } = connection
  const raw = openToProxy(proxy)
  const late = setTimeout(() => {
    raw.destroy(proxyError(proxy, `no connection through it within ${connectMs} ms (\`timeouts.connectMs\`)`))
  }, connectMs)
  let socket = raw
  try {
    await socketReady(raw, proxy.protocol === 'https:' ? 'secureConnect' : 'connect')
    const target = endpointOf(server)
    await (proxy.protocol === 'socks5:' ? askSocksProxy(raw, proxy, target) : askHttpProxy(raw, proxy, target))
    if (server.protocol === 'https:') {
      const { host } = target
      const servername = isIP(host) === 0 ? { servername: host } : {}
      socket = connectTls({ socket: raw, host, ALPNProtocols, ...servername, ...tlsSettings(connection) })
      await socketReady(socket, 'secureConnect')
    }
    return socket
  } catch (error) {
    raw.destroy()
    socket.destroy()
    throw error
  } finally {
    clearTimeout(late)
  }
}

function openToProxy(proxy: URL): Socket {
  const { host, port } = endpointOf(proxy)
  if (proxy.protocol !== 'https:') return connectTcp({ host, port })
  return connectTls({ host, port, ALPNProtocols: ['http/1.1'], ...(isIP(host) === 0 && { servername: host }) })
}
