import { expect, it, onTestFinished } from 'vitest'
import { createCertificateAuthority } from '../../../testing/src/certificates.ts'
import { assembleClient } from '../../src/client/assemble-client.ts'
import { nodePlatform } from '../../src/client/node-platform.ts'
import { undiciTransport } from '../../src/transport/undici-transport.ts'
import { type Http2Call, startHttp2Server } from '../support/http2-server.ts'
import { Pod, storedPod } from '../support/kinds.ts'

/** The server's answer to the first connection of a watch, when its first event has been read. */
type Ending = (call: Http2Call) => void

const endings: [title: string, ending: Ending, delayMs: number][] = [
  ['GOAWAY, and the end of its stream', ({ session, stream }) => (session.goaway(), stream.end()), 0],
  ['GOAWAY, and the loss of the connection', ({ session }) => (session.goaway(), session.destroy()), 800],
]

it.each(endings)('a watch over HTTP/2 goes on after %s', async (_, ending, delayMs) => {
  const authority = await createCertificateAuthority({ commonName: 'test' })
  const identity = await authority.issue({ commonName: 'api', sans: ['127.0.0.1'] })
  const server = await startHttp2Server(identity, ({ stream, headers }) => {
    const version = /resourceVersion=(\d+)/.exec(String(headers[':path']))?.[1]
    const next = String(Number(version) + 1)
    stream.respond({ ':status': 200, 'content-type': 'application/json' })
    stream.write(`${JSON.stringify({ type: 'ADDED', object: storedPod(`p${next}`, next) })}\n`)
  })
  onTestFinished(() => server.stop())
  const waits: number[] = []
  const sleep = async (ms: number): Promise<void> => void waits.push(ms)
  const config = { server: server.url, tls: { ca: authority.cert }, http2: true }
  const client = assembleClient(config, { ...nodePlatform(undiciTransport), random: () => 0, sleep })
  onTestFinished(() => client.close())

  const names: string[] = []
  for await (const { object } of client.resource(Pod).watch({ resourceVersion: '1' })) {
    names.push(object.metadata.name)
    if (names.length === 2) break
    const [call] = server.calls
    if (call !== undefined) ending(call)
  }

  expect(names).toEqual(['p2', 'p3'])
  expect(waits).toEqual([delayMs])
})
