import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer as createHttpsServer, type Server } from 'node:https'
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { inspect } from 'node:util'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CertificateAuthority, createCertificateAuthority } from '../../../testing/src/certificates.ts'
import { createClient } from '../../src/index.ts'
import { startHttp2Server } from '../support/http2-server.ts'

type Proxy = { url: string; targets: string[] }

let authority: CertificateAuthority
let identity: { cert: string; key: string }
let api: Server
let requests: IncomingMessage[]
const closing: (() => void)[] = []

const listen = async (server: TcpServer, host = '127.0.0.1'): Promise<number> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port // listens on TCP
}

const joined = (a: Socket, b: Socket): void => {
  a.pipe(b).on('error', () => a.destroy())
  b.pipe(a).on('error', () => b.destroy())
}

/** A proxy that does as HTTP CONNECT asks, in plain or over TLS, with the given password. */
async function httpProxy({
  tls = false,
  password,
  refuse,
}: { tls?: boolean; password?: string; refuse?: number } = {}): Promise<Proxy> {
  const targets: string[] = []
  const server = createHttpServer()
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    const expected = password === undefined ? undefined : `Basic ${Buffer.from(`me:${password}`).toString('base64')}`
    if (request.headers['proxy-authorization'] !== expected)
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    else if (refuse !== undefined) client.end(`HTTP/1.1 ${refuse} No\r\n\r\n`)
    else {
      targets.push(request.url ?? '')
      const { hostname, port } = new URL(`http://${request.url}`)
      const upstream = connect(Number(port), hostname.replaceAll(/[[\]]/g, ''), () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        joined(client, upstream)
      })
      upstream.on('error', () => client.destroy())
    }
  })
  if (!tls) return { url: `http://127.0.0.1:${await listen(server)}`, targets }
  const secure = createTlsServer(identity, (socket) => void server.emit('connection', socket))
  return { url: `https://localhost:${await listen(secure)}`, targets }
}

/** A SOCKS5 proxy, with or without a password (RFC 1928, RFC 1929), byte by byte as a slow one sends. */
async function socksProxy({ password, reply = 0 }: { password?: string; reply?: number } = {}): Promise<Proxy> {
  const targets: string[] = []
  const server = createTcpServer(async (client) => {
    client.on('error', () => client.destroy())
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
    targets.push(`${host}:${port}`)
    const answer = Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0])
    if (reply !== 0) {
      client.write(answer)
      return
    }
    const upstream = connect(port, host, () => {
      for (const byte of answer) client.write(Buffer.from([byte]))
      joined(client, upstream)
    })
  })
  return { url: `socks5://127.0.0.1:${await listen(server)}`, targets }
}

const clientFor = (host: string, proxy: string, more: object = {}) => {
  const { port } = api.address() as AddressInfo // listens on TCP
  return createClient({ server: `https://${host}:${port}`, tls: { ca: authority.cert }, proxy, retry: false, ...more })
}

beforeAll(async () => {
  authority = await createCertificateAuthority({ commonName: 'test' })
  identity = await authority.issue({ commonName: 'api', sans: ['localhost', '127.0.0.1', '::1'] })
})

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function startApi(host = '127.0.0.1'): Promise<void> {
  requests = []
  api = createHttpsServer(identity, (request, response) => {
    requests.push(request)
    response.setHeader('content-type', 'application/json').end('{"gitVersion":"v1.0.0"}')
  })
  await listen(api, host)
}

describe('a client behind a proxy', () => {
  it.each([
    ['HTTP', () => httpProxy()],
    ['SOCKS5', () => socksProxy()],
  ])('reaches the server through %s, over one tunnel, by a name that the proxy looks up', async (_, start) => {
    await startApi()
    const proxy = await start()
    await using client = clientFor('localhost', proxy.url, { credentials: { token: 'abc' } })
    for (let n = 0; n < 5; n += 1) expect((await client.version()).gitVersion).toBe('v1.0.0')
    expect(proxy.targets).toEqual([`localhost:${(api.address() as AddressInfo).port}`])
    expect(requests[0]?.headers.authorization).toBe('Bearer abc')
    expect(requests[0]?.headers['proxy-authorization']).toBeUndefined()
  })

  it.each([
    ['HTTP', () => httpProxy()],
    ['SOCKS5', () => socksProxy()],
  ])('reaches IPv6 through %s', async (_, start) => {
    await startApi('::1')
    const proxy = await start()
    await using client = clientFor('[::1]', proxy.url)
    expect((await client.version()).gitVersion).toBe('v1.0.0')
    expect(proxy.targets[0]).toMatch(/::1\]?:\d+$/)
  })

  it.each([
    ['HTTP', () => httpProxy()],
    ['SOCKS5', () => socksProxy()],
  ])('speaks HTTP/2 through %s as well, over one tunnel', async (_, start) => {
    const server = await startHttp2Server(identity, ({ stream }) => {
      stream.respond({ ':status': 200 })
      stream.end('{"gitVersion":"v2.0.0"}')
    })
    closing.push(() => void server.stop())
    const proxy = await start()
    await using client = createClient({
      server: server.url,
      tls: { ca: authority.cert },
      proxy: proxy.url,
      http2: true,
    })
    for (let n = 0; n < 5; n += 1) expect((await client.version()).gitVersion).toBe('v2.0.0')
    expect(proxy.targets).toEqual([new URL(server.url).host])
    expect(server.sessions).toHaveLength(1)
  })

  it('gives its credentials to the proxy, and to nobody else', async () => {
    await startApi()
    for (const start of [httpProxy, socksProxy]) {
      const proxy = await start({ password: 'pa:ss' })
      await using client = clientFor('localhost', proxy.url.replace('//', '//me:pa%3Ass@'))
      expect((await client.version()).gitVersion).toBe('v1.0.0')
    }
    expect(requests[0]?.headers['proxy-authorization']).toBeUndefined()
  })

  it.each([
    ['refuses the password', () => httpProxy({ password: 'right' }), /407/],
    [
      'refuses the connection',
      () => httpProxy({ refuse: 403, password: 's3cret' }),
      /refused to connect to localhost:\d+ \(403\)/,
    ],
    ['refuses the password', () => socksProxy({ password: 'right' }), /credentials/],
    ['forbids the connection', () => socksProxy({ reply: 2, password: 's3cret' }), /rules forbid/],
  ])('says that the proxy %s, without its password', async (_, start, message) => {
    await startApi()
    const proxy = await start()
    await using client = clientFor('localhost', proxy.url.replace('//', '//me:s3cret@'))
    const error = await client.version().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
    expect(String(error)).toMatch(message)
    expect(inspect(error, { depth: 9 })).not.toContain('s3cret')
  })

  it('still verifies the server: a tunnel is no licence', async () => {
    await startApi()
    const proxy = await httpProxy()
    const other = await createCertificateAuthority({ commonName: 'other' })
    await using client = clientFor('localhost', proxy.url, { tls: { ca: other.cert } })
    await expect(client.version()).rejects.toThrow(/not signed by a CA that is trusted/)
  })

  it('checks the certificate of an https proxy against the system, not the cluster', async () => {
    await startApi()
    const proxy = await httpProxy({ tls: true })
    await using client = clientFor('localhost', proxy.url)
    await expect(client.version()).rejects.toMatchObject({ code: 'KUBE_TRANSPORT' })
    expect(proxy.targets).toEqual([])
  })

  it('gives up on a proxy that never answers', async () => {
    await startApi()
    const silent = createTcpServer((socket) => void socket.on('error', () => socket.destroy()).resume())
    const url = `http://127.0.0.1:${await listen(silent)}`
    await using client = clientFor('localhost', url, { timeouts: { connectMs: 50 } })
    await expect(client.version()).rejects.toThrow(/within 50 ms/)
  })

  it('gives up on an answer without end', async () => {
    await startApi()
    const endless = createTcpServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.write('HTTP/1.1 200 OK\r\n')
      const more = (): void => void (socket.destroyed || socket.write('x: y\r\n'.repeat(1000), more))
      more()
    })
    await using client = clientFor('localhost', `http://127.0.0.1:${await listen(endless)}`)
    await expect(client.version()).rejects.toThrow(/too long/)
  })
})
