import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Passes bytes on, until somebody breaks its connections. */
export class BreakingProxy {
  /** So far. */
  connections = 0
  readonly #port: number
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((socket) => this.#pass(socket))

  private constructor(port: number) {
    this.#port = port
  }

  static async start(port: number): Promise<BreakingProxy> {
    const proxy = new BreakingProxy(port)
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve)
    })
    return proxy
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo // it listens on TCP
    return `http://127.0.0.1:${port}`
  }

  breakAll(): void {
    for (const socket of this.#sockets) breakOff(socket)
  }

  async stop(): Promise<void> {
    this.breakAll()
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
  }

  #pass(socket: Socket): void {
    this.connections += 1
    const upstream = connect(this.#port, '127.0.0.1')
    for (const each of [socket, upstream]) {
      this.#sockets.add(each)
      each.on('error', () => undefined) // broken on purpose
      each.once('close', () => {
        this.#sockets.delete(each)
        socket.destroy()
        upstream.destroy()
      })
    }
    socket.pipe(upstream).pipe(socket)
  }
}

/** One that is ending cannot be reset: Node would never say that it has closed. */
function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
