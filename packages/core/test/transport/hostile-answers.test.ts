import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createCertificateAuthority } from '../../../testing/src/certificates.ts'
import type { KubeRequest, KubeResponse, Transport } from '../../src/spec/index.ts'
import { isKubeError } from '../../src/spec/index.ts'
import { readText, throwUnlessOk } from '../../src/transport/read-response.ts'
import { undiciTransport } from '../../src/transport/undici-transport.ts'
import { caught, kubeError } from '../support/caught.ts'
import {
  endHeaders,
  endStream,
  frame,
  frameType,
  onFrames,
  settings,
  startFrameServer,
  startHttp2Server,
} from '../support/http2-server.ts'
import { connectionTo, get, transports } from '../support/transports.ts'

/** More than a kernel keeps between two sockets, and little beside what is offered. */
const betweenSockets = 32 << 20
const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'
const garbage = Buffer.alloc(1 << 16, 'x')

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

/** Writes `first`, and then `piece` until nobody takes it any more or it adds up to 2 GB. */
function pour(socket: Socket, first: string | Buffer, piece: string | Buffer): void {
  socket.write(first)
  const more = (): void => {
    while (!socket.destroyed && socket.bytesWritten < 2e9) if (!socket.write(piece)) return
  }
  socket.on('drain', more)
  more()
}

interface Offered {
  readonly url: string
  /** The connection that the answer went to. */
  readonly socket: Promise<Socket>
}

/** A server that answers the first bytes of each connection. */
async function answering(answer: (socket: Socket) => void): Promise<Offered> {
  const { promise, resolve } = Promise.withResolvers<Socket>()
  const server = createServer((socket) => {
    socket.on('error', () => undefined).resume()
    socket.once('data', () => answer(socket))
    endings.push(() => socket.destroy())
    resolve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  endings.push(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, socket: promise } // listening on TCP
}

const taken = (socket: Socket): number => socket.bytesWritten - socket.writableLength

/** Resolves when the client has hung up, politely or not. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
}

describe.each(transports)('%s', (_, factory) => {
  const send = async (url: string, more: Partial<KubeRequest> = {}, responseMs = 60_000): Promise<KubeResponse> => {
    const transport = factory(connectionTo(url, { responseMs }))
    endings.push(() => transport.close(new Error('the test is over')))
    return transport.send(get('/a', more))
  }

  describe.each(['unary', 'stream'] as const)('%s: an answer is refused, and its connection closed, when', (kind) => {
    it.each<[string, (socket: Socket) => void, RegExp]>([
      [
        'a header line has no end',
        (socket) => pour(socket, `${head}x-a: `, garbage),
        /header .* is longer than 16 KiB/,
      ],
      [
        'header lines have no end',
        (socket) => pour(socket, head, 'x-a: b\r\n'.repeat(1000)),
        /header .* is longer than 16 KiB/,
      ],
      [
        'a header has 10 MB',
        (socket) => void socket.write(`${head}x-a: ${'a'.repeat(10e6)}\r\ncontent-length: 0\r\n\r\n`),
        /header .* is longer than 16 KiB/,
      ],
      [
        'interim responses have no end',
        (socket) => pour(socket, '', 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'.repeat(100)),
        /20 interim responses/,
      ],
      ['it is no HTTP', (socket) => pour(socket, '', garbage), /HTTP/],
      [
        'two lengths contradict',
        (socket) => void socket.write(`${head}content-length: -5\r\n\r\nabc`),
        /Content-Length/,
      ],
    ])('%s', async (__, answer, message) => {
      const { url, socket } = await answering(answer)
      const error = await caught(send(url, { kind }))
      expect(isKubeError(error)).toBe(true)
      expect(error).toHaveProperty('code', expect.stringMatching(/^KUBE_(?:TRANSPORT|PROTOCOL)$/))
      expect(String(error)).toMatch(message)
      expect(String(error)).toContain(`GET ${url}/a`)
      await closed(await socket)
      expect(taken(await socket)).toBeLessThan(betweenSockets)
    })
  })

  it('chunks that are none end the call', async () => {
    const { url, socket } = await answering(
      (connection) => void connection.write(`${head}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzzz\r\n`),
    )
    const error = await kubeError('KUBE_TRANSPORT', send(url))
    expect(error.message).toMatch(/chunk size/)
    await closed(await socket)
  })

  it('chunks that are none end a stream', async () => {
    const { url } = await answering(
      (connection) => void connection.write(`${head}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzzz\r\n`),
    )
    const outcome = await caught(async () => readText(await send(url, { kind: 'stream' })))
    expect(outcome).toMatchObject({ code: 'KUBE_TRANSPORT' })
  })

  it('trailers without end end the call', async () => {
    const { url, socket } = await answering((connection) =>
      pour(connection, `${head}transfer-encoding: chunked\r\n\r\n0\r\n`, 'x-a: b\r\n'.repeat(1000)),
    )
    expect(await caught(send(url))).toMatchObject({ code: 'KUBE_TRANSPORT' })
    await closed(await socket)
    expect(taken(await socket)).toBeLessThan(betweenSockets)
  })

  it('a body of 2 GB is taken as far as 512 MiB', { timeout: 60_000 }, async () => {
    const { url, socket } = await answering((connection) => pour(connection, `${head}\r\n`, garbage))
    const error = await kubeError('KUBE_PROTOCOL', send(url))
    expect(error.message).toMatch(/longer than 512 MiB: list in pages/)
    await closed(await socket)
    expect(taken(await socket)).toBeLessThan((512 << 20) + betweenSockets)
  })

  it('a body that stops is given up after `responseMs`', async () => {
    const { url, socket } = await answering(
      (connection) => void connection.write(`${head}content-length: 9\r\n\r\nabc`),
    )
    const error = await kubeError('KUBE_TRANSPORT', send(url, {}, 50))
    expect(error.message).toMatch(/`timeouts.responseMs`/)
    await closed(await socket)
  })

  it.each(['unary', 'stream'] as const)('a failure explained without end is an ApiError (%s)', async (kind) => {
    const { url, socket } = await answering((connection) => pour(connection, 'HTTP/1.1 500 No\r\n\r\n', garbage))
    const response = await send(url, { kind })
    const context = { request: { method: 'GET', url }, secrets: [] }
    const error = await kubeError('KUBE_API', throwUnlessOk(response, context))
    expect(error.status).toBe(500)
    expect(error.message.length).toBeLessThan(1000)
    await closed(await socket)
    expect(taken(await socket)).toBeLessThan(betweenSockets)
  })

  it('bytes after the answer are not taken for that of the next call', async () => {
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n'
    const { url } = await answering((connection) => void connection.write(`${answer}good${answer}evil`))
    const transport = factory(connectionTo(url))
    endings.push(() => transport.close(new Error('the test is over')))
    for (let count = 0; count < 3; count += 1) {
      await expect(readText(await transport.send(get('/a')))).resolves.toBe('good')
    }
  })
})

describe('HTTP/2', () => {
  let certificates: { ca: string; cert: string; key: string }
  beforeAll(async () => {
    const authority = await createCertificateAuthority({ commonName: 'test' })
    certificates = { ca: authority.cert, ...(await authority.issue({ commonName: 'api', sans: ['127.0.0.1'] })) }
  })

  const clientOf = (url: string): Transport => {
    const transport = undiciTransport(connectionTo(url, { http2: true, ca: certificates.ca }))
    endings.push(() => transport.close(new Error('the test is over')))
    return transport
  }

  /** Calls back when the client has asked for something on a stream. */
  async function asked(
    answer: (socket: Socket, stream: number) => void,
  ): Promise<{ transport: Transport; sockets: Socket[] }> {
    const sockets: Socket[] = []
    const server = await startFrameServer(certificates, (socket) => {
      sockets.push(socket)
      socket.write(settings())
      onFrames(socket, (type, _, stream) => void (type === frameType.headers && answer(socket, stream)))
    })
    endings.push(() => server.stop())
    return { transport: clientOf(server.url), sockets }
  }

  it.each<[string, (socket: Socket, stream: number) => void]>([
    [
      'a header without end',
      (socket, stream) =>
        pour(socket, frame(frameType.headers, 0, stream, ok), frame(continuation, 0, stream, field(16_000))),
    ],
    [
      'a header of 10 MB',
      (socket, stream) => {
        socket.write(frame(frameType.headers, 0, stream, ok))
        for (let count = 0; count < 625; count += 1) socket.write(frame(continuation, 0, stream, field(16_000)))
        socket.write(frame(continuation, endHeaders, stream))
      },
    ],
    [
      'data before a header',
      (socket, stream) => void socket.write(frame(frameType.data, endStream, stream, garbage.subarray(0, 99))),
    ],
    ['no frames', (socket) => pour(socket, '', garbage)],
  ])('%s ends the call, and the connection takes no more', async (_, answer) => {
    const { transport, sockets } = await asked(answer)
    const error = await caught(transport.send(get('/a')))
    expect(error).toHaveProperty('code', expect.stringMatching(/^KUBE_(?:TRANSPORT|PROTOCOL)$/))
    for (const socket of sockets) expect(taken(socket)).toBeLessThan(betweenSockets)
  })

  it('interim responses without end are an error', async () => {
    const early = Buffer.concat([Buffer.from([0x08, 3]), Buffer.from('103')]) // `:status` of the table, and a value of ours
    const { transport } = await asked((socket, stream) => {
      for (let count = 0; count < 100; count += 1) socket.write(frame(frameType.headers, endHeaders, stream, early))
    })
    expect(String(await caught(transport.send(get('/a'))))).toMatch(/20 interim responses/)
  })

  it('a failure explained without end is cut off, and its connection goes on', async () => {
    const server = await startHttp2Server(certificates, ({ stream }) => {
      stream.respond({ ':status': 500 })
      const more = (): void => {
        while (!stream.destroyed) if (!stream.write(garbage)) return
      }
      stream.on('drain', more)
      more()
    })
    endings.push(() => server.stop())
    const transport = clientOf(server.url)
    for (let count = 0; count < 3; count += 1) {
      const response = await transport.send(get('/a'))
      expect(response.status).toBe(500)
      expect((await readText(response)).length).toBeLessThan(2 << 20)
    }
    expect(server.sessions).toHaveLength(1)
  })
})

const continuation = 9

/** Of the table that every HPACK decoder knows. */
const ok = Uint8Array.of(0x88)

/** `x: aaa…`, as a literal that is not added to the table. */
function field(bytes: number): Buffer {
  return Buffer.concat([Buffer.from([0, 1, 0x78, 0x7f, ...varint(bytes - 127)]), Buffer.alloc(bytes, 'a')])
}

/** The rest of an HPACK integer. @see RFC 7541 section 5.1 */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]
}
