import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Credentials } from '../../src/index.ts'
import { createClient } from '../../src/index.ts'
import { assembleClient } from '../../src/client/assemble-client.ts'
import { nodePlatform } from '../../src/client/node-platform.ts'
// By its path: core is below the testing package, and a dependency on it would be a cycle.
import { createCertificateAuthority } from '../../../testing/src/certificates.ts'
import { caught } from '../support/caught.ts'
import { Node } from '../support/kinds.ts'
import { proxySchemes, startProxy } from '../support/proxies.ts'
import { transports } from '../support/transports.ts'
import { useRuntimeCa } from '../support/ways.ts'

const ca = await createCertificateAuthority({ commonName: 'ca' })
const nextCa = await createCertificateAuthority({ commonName: 'next ca' })
const serving = await ca.issue({ commonName: 'server', sans: ['127.0.0.1'] })
const nextServing = await nextCa.issue({ commonName: 'server', sans: ['127.0.0.1'] })
const first = await ca.issue({ commonName: 'first' })
const second = await ca.issue({ commonName: 'second' })

let server: Server
let url: string
let users: string[]
let endWatch: (() => void) | undefined

beforeEach(async () => {
  users = []
  server = createServer(
    { ...serving, ca: ca.cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const socket = request.socket as TLSSocket // the server speaks TLS only
      users.push(String(socket.getPeerCertificate().subject?.CN))
      if (request.headers.authorization === 'Bearer old' && request.url === '/version') {
        response.writeHead(401).end()
        return
      }
      response.writeHead(200, { 'content-type': 'application/json' })
      if (request.url?.includes('watch')) {
        response.write('{"type":"ADDED","object":{"metadata":{"name":"n1"}}}\n')
        endWatch = () => response.end('{"type":"DELETED","object":{"metadata":{"name":"n1"}}}\n')
      } else response.end('{}')
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}` // listening on TCP
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const proxies = [undefined, ...proxySchemes]
const ways = transports.flatMap(([name, transport]) =>
  proxies.map(
    (via) => [`${name}, ${via === undefined ? 'directly' : `through a proxy of ${via}`}`, transport, via] as const,
  ),
)

describe.each(ways)('over %s', (_, transport, via) => {
  useRuntimeCa(ca.cert)
  const proxyUrl = async (): Promise<string | false> =>
    via === undefined ? false : (await startProxy(via, { identity: serving })).url

  it('a new client certificate is used by the next call, and an open watch goes on with the old', async () => {
    const certificates = [first, second]
    const credentials = async (): Promise<Credentials> => {
      const clientCertificate = certificates.shift() ?? second
      return { clientCertificate, token: clientCertificate === first ? 'old' : 'new' }
    }
    const config = { server: url, proxy: await proxyUrl(), tls: { ca: ca.cert }, retry: false } as const
    const client = createClient({ ...config, credentials, transport })
    const events = client.resource(Node).watch({ resume: false })[Symbol.asyncIterator]()
    await expect(events.next()).resolves.toMatchObject({ value: { type: 'ADDED' } })
    await client.version()
    expect(users).toEqual(['first', 'first', 'second'])
    // An exec or a port-forward is no exception, even where the server refuses it.
    await caught(client.upgrade({ path: '/exec', protocols: ['v5.channel.k8s.io'] }))
    expect(users).toEqual(['first', 'first', 'second', 'second'])
    endWatch?.()
    await expect(events.next()).resolves.toMatchObject({ value: { type: 'DELETED' } })
    await expect(events.next()).resolves.toMatchObject({ done: true })
    await client.close()
  })

  it('a CA that was replaced is read again when a handshake fails, and the call succeeds', async () => {
    const bundles = [ca.cert, nextCa.cert]
    let asked = 0
    const clock = { now: 0 }
    const ask = async (): Promise<string> => bundles[(asked += 1) - 1] ?? nextCa.cert
    // The connection that the server closes may be used before that is noticed: then the call is tried again.
    const config = { server: url, proxy: await proxyUrl(), tls: { ca: ask } } as const
    const client = assembleClient(config, { ...nodePlatform(transport), now: () => clock.now, random: () => 0 })
    await client.version()
    server.setSecureContext({ ...nextServing, ca: ca.cert })
    server.closeAllConnections()
    clock.now = 1000
    await client.version()
    expect(asked).toBe(2)
    await client.close()
  })
})
