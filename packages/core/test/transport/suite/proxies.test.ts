import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
// By its path: core is below the testing package, and a dependency on it would be a cycle.
import { createCertificateAuthority } from '../../../../testing/src/certificates.ts'
import { type Client, type ClientConfig, createClient } from '../../../src/index.ts'
import { kubeError, logged } from '../../support/caught.ts'
import { startHttp2Server } from '../../support/http2-server.ts'
import { listen, listenSilently, proxySchemes, startProxy } from '../../support/proxies.ts'
import { entries } from '../../support/transports.ts'
import { useRuntimeCa } from '../../support/ways.ts'

const [cluster, runtime] = await Promise.all([
  createCertificateAuthority({ commonName: 'cluster' }),
  createCertificateAuthority({ commonName: 'trusted by the runtime' }),
])
const [identity, ofProxy] = await Promise.all([
  cluster.issue({ commonName: 'api', sans: ['localhost', '127.0.0.1'] }),
  runtime.issue({ commonName: 'proxy', sans: ['127.0.0.1'] }),
])

interface Api {
  /** By a name, which a proxy looks up. */
  readonly server: string
  readonly requests: readonly IncomingMessage[]
}

async function startApi(): Promise<Api> {
  const requests: IncomingMessage[] = []
  const server = createHttpsServer(identity, (request, response) => {
    requests.push(request)
    response.setHeader('content-type', 'application/json').end('{"gitVersion":"v1.0.0"}')
  })
  return { server: `https://localhost:${await listen(server)}`, requests }
}

/** A port where nothing listens. */
async function refused(): Promise<number> {
  const server = createTcpServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

const startsWith = (scheme: 'http' | 'https') => async (): Promise<number> =>
  Number(new URL((await startProxy(scheme, { identity })).url).port)

const hangsUp = (): Promise<number> => listen(createTcpServer((socket) => void socket.destroy()))

/** Connections of this machine to the port that have a keepalive timer. @see proc_net_tcp of Linux */
async function keptAlive(port: number): Promise<number> {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((row) => row.trim().split(/\s+/))
  return rows.filter(([, , to = '', , , timer = '']) => to.endsWith(remote) && timer.startsWith('02:')).length
}

const withPassword = (url: string, password: string): string => url.replace('//', `//me:${password}@`)

describe.each(entries.filter(({ ownsConnections }) => ownsConnections))('proxies over $name', (entry) => {
  useRuntimeCa(runtime.cert)

  const clientOf = (server: string, proxy: string, more: Partial<ClientConfig> = {}): Client => {
    const client = entry.createClient({ server, tls: { ca: cluster.cert }, proxy, retry: false, ...more })
    onTestFinished(() => client.close())
    return client
  }

  it.each(proxySchemes)('one of %s gives one tunnel for calls in a row, to a name that it looks up', async (scheme) => {
    const { server } = await startApi()
    const proxy = await startProxy(scheme, { identity: ofProxy })
    const client = clientOf(server, proxy.url)
    for (let count = 0; count < 5; count += 1) expect((await client.version()).gitVersion).toBe('v1.0.0')
    expect(proxy.targets).toEqual([new URL(server).host])
  })

  it.each(proxySchemes)(
    'one of %s gets the credentials of its URL, and those of the server stay in TLS',
    async (scheme) => {
      const { server, requests } = await startApi()
      const proxy = await startProxy(scheme, { identity: ofProxy, password: 'pa:ss' })
      await clientOf(server, withPassword(proxy.url, 'pa%3Ass'), { credentials: { token: 'abc' } }).version()
      expect(requests[0]?.headers.authorization).toBe('Bearer abc')
      expect(requests[0]?.headers).not.toHaveProperty('proxy-authorization')
    },
  )

  it.each([
    ['http', 'refuses the password', { password: 'right' }, /407/],
    ['http', 'refuses', { refuse: 403, password: 's3cret' }, /refused to connect to localhost:\d+ \(403\)/],
    ['socks5', 'refuses the password', { password: 'right' }, /credentials/],
    ['socks5', 'refuses', { refuse: 2, password: 's3cret' }, /rules forbid/],
  ] as const)(
    'one of %s that %s is an error that says so, without its password',
    async (scheme, _, options, message) => {
      const { server } = await startApi()
      const proxy = await startProxy(scheme, options)
      const error = await kubeError('KUBE_TRANSPORT', clientOf(server, withPassword(proxy.url, 's3cret')).version())
      expect(error.maybeApplied).toBe(false)
      expect(error.message).toMatch(message)
      expect(logged(error)).not.toContain('s3cret')
    },
  )

  it('one of https is verified against the CAs of the system, not that of the cluster', async () => {
    const { server } = await startApi()
    const proxy = await startProxy('https', { identity })
    await kubeError('KUBE_TRANSPORT', clientOf(server, proxy.url).version())
    expect(proxy.targets).toEqual([])
  })

  it.each([
    ['http', 'http', refused, 'ECONNREFUSED', /ECONNREFUSED/],
    ['https', 'https', refused, 'ECONNREFUSED', /ECONNREFUSED/],
    ['socks5', 'socks5', refused, 'ECONNREFUSED', /ECONNREFUSED/],
    ['http', 'https', startsWith('http'), undefined, /does not speak TLS: should its URL begin with http:\/\/\?/],
    [
      'https',
      'https',
      startsWith('https'),
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      /self-signed certificate|unable to verify/,
    ],
    ['http', 'http', hangsUp, undefined, /closed/],
    ['socks5', 'socks5', hangsUp, undefined, /closed/],
  ] as const)('one of %s, called %s, that cannot be reached (%o) is to blame, and not the server', async (...given) => {
    const [, scheme, start, code, words] = given
    const { server, requests } = await startApi()
    const address = `127.0.0.1:${await start()}`
    const error = await kubeError('KUBE_TRANSPORT', clientOf(server, `${scheme}://me:s3cret@${address}`).version())
    expect(error.message).toContain(`the proxy ${scheme}://${address}: `)
    expect(error.message).toMatch(words)
    expect(error.cause).toMatchObject({ name: 'ProxyError', ...(code !== undefined && { code }) })
    expect(error.maybeApplied).toBe(false)
    expect(logged(error)).not.toContain('s3cret')
    expect(requests).toEqual([])
  })

  it('one that does not answer in time is to blame', async () => {
    const { server } = await startApi()
    const address = `127.0.0.1:${await listenSilently()}`
    const client = clientOf(server, `http://me:s3cret@${address}`, { timeouts: { connectMs: 50 } })
    const error = await kubeError('KUBE_TRANSPORT', client.version())
    expect(error.message).toContain(`the proxy http://${address}: no connection through it within 50 ms`)
    expect(logged(error)).not.toContain('s3cret')
  })

  it.each(proxySchemes)('one of %s behind which the server is silent is waited for until connectMs', async (scheme) => {
    const proxy = await startProxy(scheme, { identity: ofProxy })
    const server = `https://127.0.0.1:${await listenSilently()}`
    const error = await kubeError(
      'KUBE_TRANSPORT',
      clientOf(server, proxy.url, { timeouts: { connectMs: 200 } }).version(),
    )
    expect(error.message).toContain('no connection through it within 200 ms')
  })

  it.each(proxySchemes)('one of %s behind which the server is silent is left by close', async (scheme) => {
    const proxy = await startProxy(scheme, { identity: ofProxy })
    const { promise: asked, resolve } = Promise.withResolvers<Socket>()
    const port = await listen(createTcpServer((socket) => void socket.once('data', () => resolve(socket))))
    const client = clientOf(`https://127.0.0.1:${port}`, proxy.url)
    const failing = kubeError('KUBE_TRANSPORT', client.version())
    const closed = once(await asked, 'close')
    await client.close()
    expect((await failing).message).toContain('the client was closed')
    await closed
  })

  it('one through which the server shows a certificate of another CA is not', async () => {
    const { server } = await startApi()
    const proxy = await startProxy('http')
    const error = await kubeError(
      'KUBE_TRANSPORT',
      clientOf(server, proxy.url, { tls: { ca: runtime.cert } }).version(),
    )
    expect(error.message).toContain("the server's certificate is not signed by a CA that is trusted here")
  })

  it.runIf(process.platform === 'linux').each(proxySchemes)(
    'one of %s is reached over a connection that finds out when the other end has gone',
    async (scheme) => {
      const { server } = await startApi()
      const proxy = await startProxy(scheme, { identity: ofProxy })
      await clientOf(server, proxy.url).version()
      expect(await keptAlive(Number(new URL(proxy.url).port))).toBe(1)
    },
  )

  it('one is asked for 32 tunnels at most, however many calls there are', async () => {
    const { server, requests } = await startApi()
    const proxy = await startProxy('http')
    const client = clientOf(server, proxy.url)
    await Promise.all(Array.from({ length: 100 }, () => client.version()))
    expect(requests).toHaveLength(100)
    expect(proxy.targets.length).toBeLessThanOrEqual(32)
  })

  it('one whose answer has no end is given up', async () => {
    const { server } = await startApi()
    const endless = createTcpServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.write('HTTP/1.1 200 OK\r\n')
      const more = (): void => void (socket.destroyed || socket.write('x: y\r\n'.repeat(1000), more))
      more()
    })
    await expect(clientOf(server, `http://127.0.0.1:${await listen(endless)}`).version()).rejects.toThrow(/too long/)
  })
})

describe('HTTP/2', () => {
  it.each(['http', 'socks5'] as const)('is spoken through a proxy of %s as well, over one tunnel', async (scheme) => {
    const server = await startHttp2Server(identity, ({ stream }) => {
      stream.respond({ ':status': 200 })
      stream.end('{"gitVersion":"v2.0.0"}')
    })
    onTestFinished(() => server.stop())
    const proxy = await startProxy(scheme)
    const config = { server: server.url, tls: { ca: cluster.cert }, proxy: proxy.url, http2: true }
    const client = createClient(config)
    for (let count = 0; count < 5; count += 1) expect(await client.version()).toEqual({ gitVersion: 'v2.0.0' })
    await client.close()
    expect(proxy.targets).toEqual([new URL(server.url).host])
    expect(server.sessions).toHaveLength(1)
  })
})
