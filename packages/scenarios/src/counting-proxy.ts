import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import type { ClientConfig } from '@kubeclient/core'

/** Stands between client and server and counts the connections, whatever server it is. */
export interface CountingProxy {
  /** The same server, through here. */
  readonly config: ClientConfig
  /** Connections that the client has opened so far. */
  readonly accepted: number
  /** Those of them that are open now. */
  readonly open: number
  /** Resolves as soon as so many are open. */
  untilOpen(count: number): Promise<void>
  stop(): Promise<void>
}

/** Passes bytes on, both ways, and knows nothing of HTTP or TLS: the certificate that comes is the server's own. */
export async function startCountingProxy(config: ClientConfig): Promise<CountingProxy> {
  const target = new URL(config.server)
  const sockets = new Set<Socket>()
  let accepted = 0
  const changed = new Set<() => void>()
  const note = (): void => {
    for (const tell of changed) tell()
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    accepted += 1
    note()
    const upstream = connect({ host: target.hostname, port: Number(target.port) })
    socket.pipe(upstream).pipe(socket)
    socket.on('error', () => upstream.destroy())
    upstream.on('error', () => socket.destroy())
    upstream.on('close', () => socket.destroy())
    socket.on('close', () => {
      upstream.destroy()
      sockets.delete(socket)
      note()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const through = new URL(target)
  through.port = String((server.address() as AddressInfo).port) // it listens on TCP, so it has a port

  return {
    config: { ...config, server: through },
    get accepted() {
      return accepted
    },
    get open() {
      return sockets.size
    },
    untilOpen: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (sockets.size !== count) return
          changed.delete(check)
          resolve()
        }
        changed.add(check)
        check()
      }),
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
