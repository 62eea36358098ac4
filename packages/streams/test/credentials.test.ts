import type { TLSSocket } from 'node:tls'
import type { Credentials } from '@kubeclient/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CertificateAuthority, createCertificateAuthority } from '../../testing/src/certificates.ts'
import { exec, forwardPort, podLogs } from '../src/index.ts'
import { entries } from './support/entries.ts'
import { announce } from './support/forward-locally.ts'
import { finish, type KubeletServer, type Session, startKubeletServer } from './support/kubelet-server.ts'

describe.each(entries)('who is at the other end, over %s', (_, createClient) => {
  let authority: CertificateAuthority
  let server: KubeletServer
  let names: string[]

  beforeEach(async () => {
    authority = await createCertificateAuthority({ commonName: 'ca' })
    const own = await authority.issue({ commonName: 'server', sans: ['127.0.0.1'] })
    server = await startKubeletServer({
      tls: { ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: false },
    })
    names = []
    server.onSession((session) => {
      names.push(nameOf(session))
      finish(session)
    })
  })
  afterEach(async () => {
    await server.stop()
  })

  it('an exec after a renewal shows the new client certificate (p24)', async () => {
    const issued: string[] = []
    const credentials = async (): Promise<Credentials> => {
      issued.push(`user-${issued.length}`)
      return { clientCertificate: await authority.issue({ commonName: issued.at(-1)! }) } // just added
    }
    const client = createClient({ server: server.url, tls: { ca: authority.cert }, credentials })

    await exec(client, 'p', { command: ['x'] })
    server.refuseOnce('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    await exec(client, 'p', { command: ['x'] })

    expect(names).toEqual(['user-0', 'user-1'])
    await client.close()
  })

  it.each([
    ['an authority that nobody trusts', {}],
    ['another name', { serverName: 'elsewhere.example' }],
  ])('%s is refused on every path, before a byte of the request', async (_case, tls) => {
    server.onSession((session) => announce(session, 80))
    const ca = 'serverName' in tls ? { ca: authority.cert } : {}
    const client = createClient({
      server: server.url,
      tls: { ...ca, ...tls },
      credentials: { token: 't' },
      retry: false,
    })

    for (const work of [
      () => exec(client, 'p', { command: ['x'] }),
      () => forwardPort(client, 'p', 80),
      () => podLogs(client, 'p').text(),
    ])
      await expect(work()).rejects.toMatchObject({ code: 'KUBE_TRANSPORT' })

    expect(server.sessions).toHaveLength(0)
    await client.close()
  })
})

function nameOf({ request }: Session): string {
  const socket = request.socket as TLSSocket // the server is one of TLS
  const { subject } = socket.getPeerCertificate()
  return String(subject.CN)
}
