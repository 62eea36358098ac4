import { X509Certificate, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, isIP } from 'node:net'
import { type TLSSocket, checkServerIdentity, connect, createServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { createCertificateAuthority, createKeyPair } from '../src/certificates.ts'

describe('a certificate authority', () => {
  it('signs itself and is marked as one', async () => {
    const authority = await createCertificateAuthority({ commonName: 'test-ca' })
    const certificate = new X509Certificate(authority.cert)

    expect(certificate.ca).toBe(true)
    expect(certificate.subject).toBe('CN=test-ca')
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(authority.key))).toBe(true)
  })

  it('names users and groups as Kubernetes reads them', async () => {
    const authority = await createCertificateAuthority({ commonName: 'test-ca' })

    const { cert, key } = await authority.issue({ commonName: 'alice', organizations: ['devs', 'Bücher'] })
    const certificate = new X509Certificate(cert)

    expect(certificate.subject.split('\n')).toEqual(['O=devs', 'O=Bücher', 'CN=alice'])
    expect(certificate.ca).toBe(false)
    expect(certificate.verify(new X509Certificate(authority.cert).publicKey)).toBe(true)
    expect(certificate.checkIssued(new X509Certificate(authority.cert))).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true)
    expect(certificate.subjectAltName).toBeUndefined()
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  })

  it('gives every certificate a number and a key of its own', async () => {
    const authority = await createCertificateAuthority({ commonName: 'test-ca' })

    const certificates = await Promise.all(
      ['a', 'b', 'c'].map(async (commonName) => new X509Certificate((await authority.issue({ commonName })).cert)),
    )

    expect(new Set(certificates.map(({ serialNumber }) => serialNumber)).size).toBe(3)
    expect(new Set(certificates.map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' }))).size).toBe(3)
  })

  it('keeps the dates that it is given, also beyond 2049', async () => {
    const authority = await createCertificateAuthority({ commonName: 'test-ca' })
    const notBefore = new Date('2001-02-03T04:05:06Z')
    const notAfter = new Date('2051-02-03T04:05:06Z')

    const certificate = new X509Certificate((await authority.issue({ commonName: 'a', notBefore, notAfter })).cert)

    expect(new Date(certificate.validFrom)).toEqual(notBefore)
    expect(new Date(certificate.validTo)).toEqual(notAfter)
  })
})

describe('a server with an issued certificate', () => {
  it.each(['localhost', '127.0.0.1', '::1'])('is trusted as %s', async (name) => {
    expect(await handshake(['localhost', '127.0.0.1', '::1'], name)).toBe('authorized')
  })

  it.each(['example.com', '127.0.0.2', '::2'])(
    'is refused as %s, which its certificate does not name',
    async (name) => {
      expect(await handshake(['localhost', '127.0.0.1', '::1'], name)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    },
  )

  it('is refused when another authority of the same name is trusted', async () => {
    const other = await createCertificateAuthority({ commonName: 'test-ca' })

    expect(await handshake(['localhost'], 'localhost', { ca: other.cert })).toMatch(
      /SIGNATURE_FAILURE|UNABLE_TO_VERIFY/,
    )
  })

  it('is refused after its last day', async () => {
    const notAfter = new Date(Date.now() - 60_000)

    expect(await handshake(['localhost'], 'localhost', { notAfter })).toBe('CERT_HAS_EXPIRED')
  })

  it('sees the name of a client with an issued certificate', async () => {
    const authority = await createCertificateAuthority({ commonName: 'test-ca' })
    const served = await authority.issue({ commonName: 'server', sans: ['localhost'] })
    const server = createServer({ ...served, ca: authority.cert, requestCert: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const arrived = once(server, 'secureConnection')
    const client = connect({
      // A TCP server has an AddressInfo.
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: authority.cert,
      ...(await authority.issue({ commonName: 'alice', organizations: ['devs'] })),
    })

    // The event of a TLS server brings one TLSSocket.
    const [socket] = (await arrived) as [TLSSocket]
    const { authorized } = socket
    const { CN, O } = socket.getPeerCertificate().subject
    client.destroy()
    server.close()

    expect({ authorized, CN, O }).toEqual({ authorized: true, CN: 'alice', O: 'devs' })
  })
})

describe('a key pair', () => {
  it('signs what its public half verifies', async () => {
    const { privateKey, publicKey } = await createKeyPair()
    const data = Buffer.from('token')

    expect(privateKey).toContain('BEGIN PRIVATE KEY')
    expect(verify('sha256', data, createPublicKey(publicKey), sign('sha256', data, privateKey))).toBe(true)
  })
})

/** The client's verdict on a server that serves `sans` and is called `name`. */
async function handshake(
  sans: readonly string[],
  name: string,
  { ca, notAfter }: { ca?: string; notAfter?: Date } = {},
): Promise<string> {
  const authority = await createCertificateAuthority({ commonName: 'test-ca' })
  const server = createServer(await authority.issue({ commonName: 'server', sans, notAfter })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server has an AddressInfo.
  const { port } = server.address() as AddressInfo
  const socket = connect({
    port,
    host: '127.0.0.1',
    servername: isIP(name) === 0 ? name : '',
    ca: ca ?? authority.cert,
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  })
  const verdict = await new Promise<string>((resolve) => {
    socket.once('secureConnect', () => {
      resolve('authorized')
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message)
    })
  })
  socket.destroy()
  server.close()
  return verdict
}
