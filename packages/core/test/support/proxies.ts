import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { onTestFinished } from 'vitest'

export const proxySchemes = ['http', 'https', 'socks5'] as const
export type ProxyScheme = (typeof proxySchemes)[number]

export interface Proxy {
  readonly url: string
  /** Host and port of each tunnel that was asked for and allowed. */
  readonly targets: readonly string[]
}

export interface ProxyOptions {
  /** Of the user "me". */
  readonly password?: string
  /** Refuses every tunnel with this: a status for HTTP, a reply code for SOCKS5. */
  readonly refuse?: number
  /** The certificate of an https proxy, for 127.0.0.1. */
  readonly identity?: { readonly cert: string; readonly key: string }
}

/** A proxy for the length of the test. */
export async function startProxy(scheme: ProxyScheme, options: ProxyOptions = {}): Promise<Proxy> {
  const targets: string[] = []
  const server = scheme === 'socks5' ? socksProxy(targets, options) : httpProxy(targets, options)
  if (scheme !== 'https') return { url: `${scheme}://127.0.0.1:${await listen(server)}`, targets }
  const secure = createTlsServer(options.identity ?? {}, (socket) => void server.emit('connection', socket))
  secure.on('tlsClientError', () => undefined)
  return { url: `https://127.0.0.1:${await listen(secure)}`, targets }
}

/** Listens on a free port until the test has finished. */
export async function listen(server: TcpServer, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => socket.destroy())))
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port // listens on TCP
}

/** Takes connections, and says nothing. */
export function listenSilently(host?: string): Promise<number> {
  return listen(
    createTcpServer((socket) => void socket.resume()),
    host,
  )
}

/** Bytes, ends and sudden ends, both ways. */
function join(a: Socket, b: Socket): void {
  a.pipe(b)
  b.pipe(a)
  a.on('error', () => undefined).on('close', () => a.readableEnded || b.destroy())
  b.on('error', () => undefined).on('close', () => b.readableEnded || a.destroy())
}

/** Does as HTTP CONNECT asks. */
function httpProxy(targets: string[], { password, refuse }: ProxyOptions): TcpServer {
  const expected = password === undefined ? undefined : `Basic ${Buffer.from(`me:${password}`).toString('base64')}`
  return createHttpServer().on('connect', (request: IncomingMessage, client: Socket) => {
    if (request.headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    if (refuse !== undefined) {
      client.end(`HTTP/1.1 ${refuse} No\r\n\r\n`)
      return
    }
    targets.push(request.url ?? '')
    const { hostname, port } = new URL(`http://${request.url}`)
    const upstream = connect(Number(port), hostname.replaceAll(/[[\]]/g, ''), () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      join(client, upstream)
    })
    upstream.on('error', () => client.destroy())
  })
}

/** SOCKS5, with or without a password, byte by byte as a slow one sends. @see RFC 1928, RFC 1929 */
function socksProxy(targets: string[], { password, refuse = 0 }: ProxyOptions): TcpServer {
  return createTcpServer(async (client) => {
    const take = async (length: number): Promise<Buffer> => {
      for (;;) {
        const bytes = client.read(length) as Buffer | null // no encoding is set
        if (bytes !== null) return bytes
        await new Promise((resolve) => client.once('readable', resolve))
      }
    }
    const [, methods = 0] = await take(2)
    const offered = await take(methods)
    const method = password === undefined ? 0 : 2
    client.write(Buffer.from([5, offered.includes(method) ? method : 0xff]))
    if (!offered.includes(method)) return
    if (password !== undefined) {
      const user = await take((await take(2))[1] ?? 0)
      const given = await take((await take(1))[0] ?? 0)
      const right = user.toString() === 'me' && given.toString() === password
      client.write(Buffer.from([1, right ? 0 : 1]))
      if (!right) return
    }
    const [, , , kind] = await take(4)
    const raw = kind === 3 ? await take((await take(1))[0] ?? 0) : await take(kind === 1 ? 4 : 16)
    const port = (await take(2)).readUInt16BE()
    const host = kind === 3 ? raw.toString() : kind === 1 ? raw.join('.') : '::1'
    const answer = Buffer.from([5, refuse, 0, 1, 0, 0, 0, 0, 0, 0])
    if (refuse !== 0) {
      client.write(answer)
      return
    }
    targets.push(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)
    const upstream = connect(port, host, () => {
      for (const byte of answer) client.write(Buffer.from([byte]))
      join(client, upstream)
    })
    upstream.on('error', () => client.destroy())
  })
}
