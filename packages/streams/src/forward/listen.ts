import { createServer, type Server, type Socket } from 'node:net'

/** A server that listens, and the sockets that it has. */
export interface Listener {
  readonly port: number
  readonly address: string
  close(): Promise<void>
}

/** Listens on one address. A port of 0 is any. Connections are half-open: what the pod still sends is delivered. */
export async function listen(address: string, port: number, onConnection: (socket: Socket) => void): Promise<Listener> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  const bound = await bind(server, address, port)
  server.on('error', () => undefined) // a connection that could not be accepted: the client sees it, and the next may be
  return {
    port: bound,
    address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      const address = server.address()
      server.off('error', reject)
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
