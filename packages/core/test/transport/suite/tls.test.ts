import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type TlsOptions, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import type { KubeRequest } from '../../../src/spec/index.ts'
// By its path: core is below the testing package, and a dependency on it would be a cycle.
import { createCertificateAuthority } from '../../../../testing/src/certificates.ts'
import { caught, kubeError, logged } from '../../support/caught.ts'
import { proxySchemes, startProxy } from '../../support/proxies.ts'
import { connectionTo, get, transports } from '../../support/transports.ts'
import { useRuntimeCa } from '../../support/ways.ts'

const [trusted, other, ofProxy] = await Promise.all([
  createCertificateAuthority({ commonName: 'trusted' }),
  createCertificateAuthority({ commonName: 'other' }),
  createCertificateAuthority({ commonName: 'trusted by the runtime' }),
])
const proxyIdentity = await ofProxy.issue({ commonName: 'proxy', sans: ['127.0.0.1'] })
const [loopback, elsewhere, byAddress, expired, early, alice, mallory] = await Promise.all([
  trusted.issue({ commonName: 'kube-apiserver', sans: ['127.0.0.1', 'k8s.test'] }),
  trusted.issue({ commonName: 'kube-apiserver', sans: ['elsewhere.test'] }),
  trusted.issue({ commonName: 'kube-apiserver', sans: ['10.0.0.1'] }),
  trusted.issue({ commonName: 'kube-apiserver', sans: ['127.0.0.1'], notAfter: new Date(Date.now() - 60_000) }),
  trusted.issue({ commonName: 'kube-apiserver', sans: ['127.0.0.1'], notBefore: new Date(Date.now() + 3_600_000) }),
  trusted.issue({ commonName: 'alice', organizations: ['devs'] }),
  other.issue({ commonName: 'mallory' }),
])

interface Seen {
  user: unknown
  serverName: unknown
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Speaks just enough HTTP over TLS, and notes what the handshake said. */
async function serve(options: TlsOptions): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer(options, (socket: TLSSocket) => {
    const { subject } = socket.getPeerCertificate()
    seen.push({ user: subject?.CN, serverName: socket.servername })
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok'))
  })
  server.on('tlsClientError', () => undefined)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, seen } // listening on TCP
}

const kinds = ['unary', 'stream'] satisfies KubeRequest['kind'][]
const proxies = [undefined, ...proxySchemes]
/** Each pair of transport, kind and proxy. */
const ways = transports.flatMap(([name, factory], first) =>
  proxies.map((via, number) => {
    const kind = kinds[(first + number) % 2] ?? 'unary'
    return [
      `${name}, ${kind}, ${via === undefined ? 'directly' : `through a proxy of ${via}`}`,
      factory,
      kind,
      via,
    ] as const
  }),
)

describe.each(ways)('TLS over %s', (_, factory, kind, via) => {
  useRuntimeCa(ofProxy.cert)

  const status = async (url: string, more: Parameters<typeof connectionTo>[1]): Promise<number> => {
    const proxy = via && { proxy: new URL((await startProxy(via, { identity: proxyIdentity })).url) }
    const transport = factory(connectionTo(url, { ...proxy, ...more }))
    try {
      const response = await transport.send(get('/version', { kind }))
      response.cancel()
      return response.status
    } finally {
      await transport.close(new Error('done'))
    }
  }
  const refusal = async (url: string, more: Parameters<typeof connectionTo>[1]): Promise<string> => {
    const error = await kubeError('KUBE_TRANSPORT', status(url, more))
    expect(error.maybeApplied).toBe(false)
    expect(logged(error)).not.toContain('-----BEGIN')
    return error.message.replace(`GET ${url}/version: `, '')
  }

  it('trusts the CA that is given', async () => {
    const { url } = await serve(loopback)
    await expect(status(url, { ca: trusted.cert })).resolves.toBe(200)
  })

  it('trusts every certificate of a bundle', async () => {
    const { url } = await serve(loopback)
    for (const ca of [other.cert + trusted.cert, `# comment\n${trusted.cert}\n\n${other.cert}`]) {
      await expect(status(url, { ca })).resolves.toBe(200)
    }
  })

  it.each([
    ['another CA', other.cert],
    ["the system's CAs only", undefined],
  ])('refuses a server under %s', async (__, ca) => {
    const { url } = await serve(loopback)
    expect(await refusal(url, ca === undefined ? {} : { ca })).toBe(
      "the server's certificate is not signed by a CA that is trusted here: `tls.ca` may be missing, or that of another cluster",
    )
  })

  it('refuses a certificate for another host, and says how to expect it', async () => {
    const { url } = await serve(elsewhere)
    const message = await refusal(url, { ca: trusted.cert })
    expect(message).toBe(
      "the server's certificate is for another name: DNS:elsewhere.test, and not 127.0.0.1 (`tls.serverName` sets the name to expect)",
    )
  })

  it('serverName is sent as SNI and verified instead of the host', async () => {
    const { url, seen } = await serve(elsewhere)
    await expect(status(url, { ca: trusted.cert, serverName: 'elsewhere.test' })).resolves.toBe(200)
    expect(seen).toMatchObject([{ serverName: 'elsewhere.test' }])
  })

  it('serverName may be an address, which is verified, and no SNI', async () => {
    const { url, seen } = await serve(byAddress)
    await expect(status(url, { ca: trusted.cert, serverName: '10.0.0.1' })).resolves.toBe(200)
    expect(seen).toMatchObject([{ serverName: false }])
    expect(await refusal(url, { ca: trusted.cert, serverName: '10.0.0.2' })).toContain('and not 10.0.0.2')
  })

  it('serverName is verified also where the host would do', async () => {
    const { url } = await serve(loopback)
    expect(await refusal(url, { ca: trusted.cert, serverName: 'wrong.test' })).toContain('and not wrong.test')
  })

  it.each([
    ['has expired', expired, "the server's certificate has expired"],
    ['is not valid yet', early, "the server's certificate is not valid yet: is the clock here right?"],
  ])('refuses a certificate that %s', async (__, certificate, message) => {
    const { url } = await serve(certificate)
    expect(await refusal(url, { ca: trusted.cert })).toBe(message)
  })

  it('shows the client certificate to the server', async () => {
    const { url, seen } = await serve({ ...loopback, ca: trusted.cert, requestCert: true, rejectUnauthorized: true })
    await expect(status(url, { ca: trusted.cert, clientCertificate: alice })).resolves.toBe(200)
    expect(seen).toMatchObject([{ user: 'alice' }])
  })

  it.each([
    ['none', {}],
    ['one of another CA', { clientCertificate: mallory }],
  ])('a server that demands a client certificate and gets %s refuses', async (__, more) => {
    const { url } = await serve({ ...loopback, ca: trusted.cert, requestCert: true, rejectUnauthorized: true })
    expect(await caught(status(url, { ca: trusted.cert, ...more }))).toMatchObject({ code: 'KUBE_TRANSPORT' })
  })

  it.each([
    ['another CA', loopback],
    ['another host', elsewhere],
    ['an expired certificate', expired],
  ])('insecureSkipVerify, and nothing else, accepts %s', async (__, certificate) => {
    const { url } = await serve(certificate)
    await expect(status(url, { insecureSkipVerify: true })).resolves.toBe(200)
  })

  it('https to a server of plain http says so', async () => {
    const plain = createHttpServer().listen(0, '127.0.0.1')
    await once(plain, 'listening')
    const { port } = plain.address() as AddressInfo // listening on TCP
    const message = await refusal(`https://127.0.0.1:${port}`, {})
    expect(message).toContain(`127.0.0.1:${port} does not speak TLS`)
    plain.close()
  })

  it.each([
    ['a CA that is no PEM', { ca: 'no certificate' }],
    ['a client certificate that is no PEM', { clientCertificate: { cert: 'no', key: 'private-key-text' } }],
    ['a key of another certificate', { clientCertificate: { cert: alice.cert, key: mallory.key } }],
  ])('%s is an error that does not show it', async (__, more) => {
    const { url } = await serve(loopback)
    const error = await caught(status(url, { ca: trusted.cert, ...more }))
    expect(error).toMatchObject({ code: expect.stringMatching(/^KUBE_(TRANSPORT|CONFIG)$/) })
    expect(logged(error)).not.toMatch(/private-key-text|BEGIN|at new SecureContext/)
  })
})

describe.each(transports)('plain http over %s', (_, factory) => {
  it('to a server that speaks TLS is an error that says so', async () => {
    const { url } = await serve(loopback)
    const transport = factory(connectionTo(url.replace('https:', 'http:')))
    const error = await kubeError('KUBE_TRANSPORT', transport.send(get('/version')))
    expect(error.message).toMatch(/https:\/\//)
    await transport.close()
  })
})
