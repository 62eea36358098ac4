import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { createClient } from '@kubeclient/core'
import { loadInCluster, loadKubeconfig } from '@kubeclient/kubeconfig'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
// By its path: the package knows of core only its specification, and of nothing else.
import { createCertificateAuthority } from '../../testing/src/certificates.ts'
import { type Folder, temporaryFolder } from './folder.ts'
import { kubeconfigText } from './kubeconfig.ts'

const [ca, nextCa] = await Promise.all([
  createCertificateAuthority({ commonName: 'ca' }),
  createCertificateAuthority({ commonName: 'next ca' }),
])
const [serving, nextServing, first, second] = await Promise.all([
  ca.issue({ commonName: 'server', sans: ['127.0.0.1'] }),
  nextCa.issue({ commonName: 'server', sans: ['127.0.0.1'] }),
  ca.issue({ commonName: 'first' }),
  ca.issue({ commonName: 'second' }),
])

let server: Server
let port: number
/** Who asked, by the certificate and the token that came with each request. */
let users: string[]
/** The answer to /stream, which the test ends. */
let stream: ServerResponse

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  users = []
  server = createServer(
    { ...serving, ca: ca.cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate() // the server speaks TLS only
      users.push([subject?.CN, request.headers.authorization].filter((part) => part !== undefined).join(', '))
      response.writeHead(200, { 'content-type': 'application/json' })
      if (request.url === '/stream') {
        stream = response
        response.write('be')
      } else response.end('{}')
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ;({ port } = server.address() as AddressInfo) // listening on TCP
})

afterEach(async () => {
  vi.useRealTimers()
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

/** The server has another certificate, of another CA, for whoever comes now. */
async function replaceServingCertificate(folder: Folder): Promise<void> {
  server.setSecureContext({ ...nextServing, ca: ca.cert })
  await folder.write('ca.crt', nextCa.cert)
  server.closeIdleConnections()
}

describe('files that change while a client lives', () => {
  it('of a kubeconfig: calls move to new connections, and what is in flight ends on the old', async () => {
    const folder = temporaryFolder()
    const writePair = async ({ cert, key }: { cert: string; key: string }): Promise<void> => {
      await folder.write('client.crt', cert)
      await folder.write('client.key', key)
    }
    await writePair(first)
    await folder.write('ca.crt', ca.cert)
    const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority': 'ca.crt' }
    const user = { 'client-certificate': 'client.crt', 'client-key': 'client.key' }
    const path = await folder.write('config', kubeconfigText({ cluster, user }))
    await using client = createClient({ ...(await loadKubeconfig({ path })), retry: false })
    const old = await client.request({ path: '/stream', stream: true })
    await client.version()

    await writePair(second)
    await replaceServingCertificate(folder)
    vi.setSystemTime(Date.now() + 331_000) // both are to be read again
    await client.version()
    stream.end('gan')

    expect(users).toEqual(['first', 'first', 'second'])
    await expect(old.text()).resolves.toBe('began')
  })

  it('of a service account: token and certificate authority are those of now', async () => {
    const folder = temporaryFolder()
    await folder.write('ca.crt', ca.cert)
    await folder.write('token', 'one\n')
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(port) }
    await using client = createClient({ ...(await loadInCluster({ root: folder.path(), env })), retry: false })
    const old = await client.request({ path: '/stream', stream: true })

    await folder.write('token', 'two\n')
    await replaceServingCertificate(folder)
    vi.setSystemTime(Date.now() + 56_000) // the token is to be read again; the handshake tells of the certificate authority
    await client.version()
    stream.end('gan')

    expect(users).toEqual(['Bearer one', 'Bearer two'])
    await expect(old.text()).resolves.toBe('began')
  })
})
