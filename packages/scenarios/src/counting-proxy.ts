import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import type { ClientConfig } from '@kubeclient/core'

/** Stands between client and server and counts the connections, whatever server it is. */
export interface CountingProxy {
  /** The same server, through here. */
  readonly config: ClientConfig
  /** What the client has opened so far, in order. */
  readonly connections: readonly CountedConnection[]
  stop(): Promise<void>
}

export interface CountedConnection {
  /** Resolves when the client has closed it. A server that hangs up does not. */
  readonly closed: Promise<unknown>
  readonly isOpen: () => boolean
  /** Loses it, as a network does: neither side has said goodbye. */
  readonly cut: () => void
}

/** Passes bytes on, both ways, and knows nothing of HTTP or TLS: the certificate that comes is the server's own. */
export async function startCountingProxy(config: ClientConfig): Promise<CountingProxy> {
  const target = new URL(config.server)
  const connections: CountedConnection[] = []
  const server = createServer((socket) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port) })
    socket.pipe(upstream)
    upstream.pipe(socket, { end: false })
    socket.on('error', () => upstream.destroy())
    upstream.on('error', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
    const closed = new Promise((resolve) => {
      socket.on('close', resolve)
    })
    connections.push({ closed, isOpen: () => !socket.closed, cut: () => socket.resetAndDestroy() })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const through = new URL(target)
  through.port = String((server.address() as AddressInfo).port) // it listens on TCP, so it has a port

  return {
    config: { ...config, server: through },
    connections,
    async stop() {
      for (const { cut } of connections) cut()
      server.close()
      await once(server, 'close')
    },
  }
}
