import { once } from 'node:events'
import { constants } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CertificateAuthority, createCertificateAuthority } from '../../../testing/src/certificates.ts'
import type { ConnectionOptions, KubeRequest, Transport } from '../../src/spec/index.ts'
import type { Http2Times } from '../../src/transport/http2-connection.ts'
import { readText } from '../../src/transport/read-response.ts'
import { undiciTransport } from '../../src/transport/undici-transport.ts'
import { caught, kubeError, logged } from '../support/caught.ts'
import {
  frame,
  frameType,
  goaway,
  type Http2Call,
  type Http2Server,
  ok,
  onFrames,
  type Running,
  settings,
  startFrameServer,
  startHttp2Server,
} from '../support/http2-server.ts'
import { connectionTo, get } from '../support/transports.ts'

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR } = constants
const patient: Http2Times = { quietMs: 600_000, answerMs: 600_000, idleMs: 600_000 }

let authority: CertificateAuthority
let identity: { cert: string; key: string }
const endings: (() => unknown)[] = []

beforeAll(async () => {
  authority = await createCertificateAuthority({ commonName: 'test' })
  identity = await authority.issue({ commonName: 'api', sans: ['localhost', '127.0.0.1'] })
})

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

async function started<Server extends Running>(starting: Promise<Server>): Promise<Server> {
  const server = await starting
  endings.push(() => server.stop())
  return server
}

const serve = (onCall: (call: Http2Call) => void, options: object = {}): Promise<Http2Server> =>
  started(startHttp2Server({ ...identity, ...options }, onCall))

const frames = (onConnection: (socket: Socket, number: number) => void): Promise<Running> =>
  started(startFrameServer(identity, onConnection))

function open(url: string, more: Partial<ConnectionOptions> = {}, times: Partial<Http2Times> = {}): Transport {
  const connection = connectionTo(url, { http2: true, ca: authority.cert, ...more })
  const transport = undiciTransport(connection, { ...patient, ...times })
  endings.push(() => transport.close(new Error('the test is over')))
  return transport
}

const bodyOf = async (transport: Transport, path: string, more: Partial<KubeRequest> = {}): Promise<string> =>
  readText(await transport.send(get(path, more)))

const reader = async (transport: Transport, path: string): Promise<AsyncIterator<Uint8Array>> =>
  (await transport.send(get(path, { kind: 'stream' }))).body[Symbol.asyncIterator]()

function answer({ stream }: Http2Call, body = 'ok'): void {
  stream.respond({ ':status': 200 })
  stream.end(body)
}

// Below node:http2, whose server ends a stream before it resets it.
const resetServer = (code: number, head: boolean): Promise<Running> =>
  frames((socket) => {
    socket.write(settings())
    onFrames(socket, (type, _, stream) => {
      if (type !== frameType.headers) return
      const payload = Buffer.alloc(4)
      payload.writeUInt32BE(code)
      const [start, data] = [frame(frameType.headers, 4, stream, Uint8Array.of(0x88)), Buffer.from('{"half":')]
      if (head) socket.write(Buffer.concat([start, frame(frameType.data, 0, stream, data)]))
      socket.write(frame(3, 0, stream, payload))
    })
  })

/** `:status: 200` and `content-length: 9`, by their numbers in the table that every HPACK decoder knows. */
const okOfNine = Uint8Array.of(0x88, 0x0f, 0x0d, 1, 0x39)
const noError = Buffer.alloc(4)

/** Answers the head of a watch, and then nothing. */
const silent = (onPing: (socket: Socket) => void): Promise<Running> =>
  frames((socket) => {
    socket.write(settings())
    onFrames(socket, (type, flags, stream) => {
      if (type === frameType.headers) socket.write(frame(frameType.headers, 4, stream, Uint8Array.of(0x88)))
      if (type === frameType.ping && flags === 0) onPing(socket)
    })
  })

/** Gives each call to the test when it asks for the next one. */
function queue(): { take: (call: Http2Call) => void; next: () => Promise<Http2Call> } {
  const arrived: Http2Call[] = []
  const waiting: ((call: Http2Call) => void)[] = []
  return {
    take(call) {
      const resolve = waiting.shift()
      if (resolve === undefined) arrived.push(call)
      else resolve(call)
    },
    next() {
      const call = arrived.shift()
      return call === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(call)
    },
  }
}

describe('requests over HTTP/2', () => {
  it('say what they say over HTTP/1.1: every header a line, and the body with its length', async () => {
    const bodies: string[] = []
    const server = await serve(async (call) => {
      let body = ''
      for await (const chunk of call.stream) body += String(chunk)
      bodies.push(body)
      call.stream.respond({ ':status': 418, 'x-a': 'b' })
      call.stream.end('answer')
    })
    const response = await open(server.url).send(
      get('/a/b%20c', {
        method: 'PUT',
        query: [['x', '&']],
        headers: { 'impersonate-group': ['one', 'two, three'], authorization: 'Bearer t' },
        body: 'ä',
      }),
    )
    expect([response.status, response.headers['x-a'], await readText(response)]).toEqual([418, 'b', 'answer'])
    expect(Object.keys(response.headers).filter((name) => name.startsWith(':'))).toEqual([])
    const [call] = server.calls
    expect(call?.headers).toMatchObject({
      ':method': 'PUT',
      ':path': '/a/b%20c?x=%26',
      ':authority': new URL(server.url).host,
      ':scheme': 'https',
      'content-length': '2',
      authorization: 'Bearer t',
    })
    const { lines = [] } = call ?? {}
    const groups = lines.filter((_, index) => index % 2 === 1 && lines[index - 1] === 'impersonate-group')
    expect(groups).toEqual(['one', 'two, three'])
    expect(bodies).toEqual(['ä'])
  })

  it('share one connection, a hundred at once', async () => {
    const server = await serve(answer)
    const transport = open(server.url)
    await Promise.all(Array.from({ length: 100 }, () => bodyOf(transport, '/a')))
    for (let count = 0; count < 50; count += 1) await bodyOf(transport, '/a')
    expect(server.sessions).toHaveLength(1)
  })

  it('open another connection when the server allows no more streams on one, up to 32', async () => {
    const calls = queue()
    const server = await serve(calls.take, { settings: { maxConcurrentStreams: 1 } })
    const transport = open(server.url)
    const all = Promise.all(Array.from({ length: 40 }, () => bodyOf(transport, '/a')))
    const held = await Promise.all(Array.from({ length: 32 }, calls.next))
    for (const call of held) answer(call)
    for (let count = 32; count < 40; count += 1) answer(await calls.next())
    await all
    expect(server.sessions).toHaveLength(32)
  })

  it('a body of 20 MB arrives whole, in both directions', async () => {
    const megabytes = Buffer.alloc(20 << 20, 'x')
    const server = await serve(async ({ stream }) => {
      stream.respond({ ':status': 200 })
      for await (const chunk of stream) if (!stream.write(chunk)) await once(stream, 'drain')
      stream.end()
    })
    const echoed = await bodyOf(open(server.url), '/a', { method: 'POST', body: megabytes })
    expect(echoed.length).toBe(megabytes.length)
  })

  it('fifty writes of 1 MB at once arrive all', async () => {
    const server = await serve(async (call) => {
      let length = 0
      for await (const chunk of call.stream) length += (chunk as Buffer).length // no encoding is set
      answer(call, String(length))
    })
    const transport = open(server.url)
    const write = { method: 'POST', body: Buffer.alloc(1 << 20) }
    const lengths = await Promise.all(Array.from({ length: 50 }, () => bodyOf(transport, '/a', write)))
    expect(new Set(lengths)).toEqual(new Set([String(1 << 20)]))
    expect(server.sessions).toHaveLength(1)
  })

  it('a header that HTTP/2 does not allow rejects the call, and only that', async () => {
    const server = await serve(answer)
    const transport = open(server.url)
    const error = await caught(bodyOf(transport, '/a', { headers: { connection: 'close' } }))
    expect(error).toMatchObject({ code: 'KUBE_TRANSPORT', maybeApplied: false })
    await expect(bodyOf(transport, '/a')).resolves.toBe('ok')
    expect(server.calls).toHaveLength(1)
  })
})

describe('watches over HTTP/2', () => {
  it('have as many connections as the streams that the server allows ask for, and leave unary calls theirs', async () => {
    const server = await serve(
      (call) => {
        if (call.headers[':path'] === '/unary') answer(call)
        else {
          call.stream.respond({ ':status': 200 })
          call.stream.write('event')
        }
      },
      { settings: { maxConcurrentStreams: 5 } },
    )
    const transport = open(server.url)
    const readers = await Promise.all(Array.from({ length: 12 }, () => reader(transport, '/watch')))
    for (const each of readers) expect(String(Buffer.from((await each.next()).value ?? []))).toBe('event')
    expect(server.sessions).toHaveLength(3)
    await expect(bodyOf(transport, '/unary')).resolves.toBe('ok')
    expect(server.sessions).toHaveLength(4)
  })

  it('that nobody reads do not hold up the others of their connection', async () => {
    const server = await serve(({ stream, headers }) => {
      stream.respond({ ':status': 200 })
      if (headers[':path'] === '/quick') stream.end('quick')
      else stream.end(Buffer.alloc(32 << 20))
    })
    const transport = open(server.url)
    const slow = await Promise.all(Array.from({ length: 20 }, () => reader(transport, '/slow')))
    const quick = await reader(transport, '/quick')
    expect(String(Buffer.from((await quick.next()).value ?? []))).toBe('quick')
    let read = 0
    for (let part = await slow[0]?.next(); part?.done === false; part = await slow[0]?.next()) read += part.value.length
    expect(read).toBe(32 << 20)
    expect(server.sessions).toHaveLength(1)
  })

  it.each([
    ['abort', 'enough', (controller: AbortController) => controller.abort('enough')],
    ['return', undefined, (_: unknown, body: AsyncIterator<Uint8Array>) => void body.return?.()],
  ])('ended by %s end their stream, and the connection goes on', async (_, outcome, end) => {
    const calls = queue()
    const server = await serve(calls.take)
    const transport = open(server.url)
    const controller = new AbortController()
    const opening = transport.send(get('/watch', { kind: 'stream', signal: controller.signal }))
    const { stream } = await calls.next()
    const closed = once(stream, 'close')
    stream.respond({ ':status': 200 })
    stream.write('event')
    const body = (await opening).body[Symbol.asyncIterator]()
    await body.next()
    const waiting = Promise.resolve(body.next()).then(
      ({ value }) => value,
      (error: unknown) => error,
    )
    end(controller, body)
    await expect(waiting).resolves.toBe(outcome)
    await closed
    expect(stream.rstCode).toBe(NGHTTP2_CANCEL)
    const again = reader(transport, '/watch')
    answer(await calls.next())
    await again
    expect(server.sessions).toHaveLength(1)
  })
})

describe('a server without HTTP/2', () => {
  it('is spoken to in HTTP/1.1, after one look', async () => {
    const versions = new Set<string>()
    let connections = 0
    const server = createHttpsServer(identity, (request, response) => {
      versions.add(request.httpVersion)
      response.end('ok')
    })
    server.on('secureConnection', () => {
      connections += 1
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    endings.push(() => {
      server.close()
      server.closeAllConnections()
    })
    const transport = open(`https://127.0.0.1:${(server.address() as AddressInfo).port}`) // listening on TCP
    await Promise.all(Array.from({ length: 5 }, () => bodyOf(transport, '/a')))
    await expect(bodyOf(transport, '/a', { kind: 'stream' })).resolves.toBe('ok')
    const opened = connections
    for (let count = 0; count < 20; count += 1) await bodyOf(transport, '/a')
    expect([...versions]).toEqual(['1.1'])
    expect(connections).toBe(opened)
  })
})

describe('TLS', () => {
  it('shows the client certificate, and checks the name that it was told', async () => {
    const subjects: unknown[] = []
    const other = await authority.issue({ commonName: 'other', sans: ['kubernetes.default'] })
    const server = await serve(
      (call) => {
        const socket = call.session.socket as unknown as { getPeerCertificate(): { subject?: { CN?: string } } } // over TLS
        subjects.push(socket.getPeerCertificate().subject?.CN)
        answer(call)
      },
      { ...other, requestCert: true, ca: [authority.cert] },
    )
    const alice = await authority.issue({ commonName: 'alice' })
    const transport = open(server.url, { clientCertificate: alice, serverName: 'kubernetes.default' })
    await expect(bodyOf(transport, '/a')).resolves.toBe('ok')
    expect(subjects).toEqual(['alice'])
    await expect(bodyOf(open(server.url), '/a')).rejects.toThrow(/is for another name/)
  })

  it('refuses a certificate of another CA', async () => {
    const server = await serve(answer)
    const stranger = await createCertificateAuthority({ commonName: 'stranger' })
    const error = await kubeError('KUBE_TRANSPORT', bodyOf(open(server.url, { ca: stranger.cert }), '/a'))
    expect(error.message).toMatch(/not signed by a CA that is trusted/)
    expect(server.calls).toEqual([])
  })
})

describe('GOAWAY', () => {
  it('lets what is in flight end, and the next call uses a new connection', async () => {
    const calls = queue()
    const server = await serve(calls.take)
    const transport = open(server.url)
    const first = bodyOf(transport, '/a')
    const call = await calls.next()
    call.stream.respond({ ':status': 200 })
    call.stream.write('before, ')
    call.session.close()
    await new Promise((resolve) => call.session.ping(resolve) || resolve(undefined))
    const second = bodyOf(transport, '/b')
    const other = await calls.next()
    answer(other)
    await expect(second).resolves.toBe('ok')
    call.stream.end('after')
    await expect(first).resolves.toBe('before, after')
    expect(server.sessions).toHaveLength(2)
  })

  it('that came before a request was looked at sends it again over a new connection, even a write', async () => {
    const methods: number[] = []
    const server = await frames((socket, number) => {
      socket.write(settings())
      onFrames(socket, (type, _, stream) => {
        if (type !== frameType.headers) return
        methods.push(number)
        socket.write(number === 1 ? goaway(0) : ok(stream, 'created'))
      })
    })
    await expect(bodyOf(open(server.url), '/a', { method: 'POST', body: '{}' })).resolves.toBe('created')
    expect(methods).toEqual([1, 2])
  })

  it('for ever is an error, and not a loop', async () => {
    let connections = 0
    const server = await frames((socket) => {
      connections += 1
      socket.write(settings())
      onFrames(socket, (type) => void (type === frameType.headers && socket.write(goaway(0))))
    })
    const error = await kubeError('KUBE_TRANSPORT', bodyOf(open(server.url), '/a'))
    expect(error.message).toMatch(/refuses to look at the request/)
    expect(connections).toBe(3)
  })

  it('with an error ends what is in flight with a TransportError', async () => {
    const server = await serve(({ session }) => session.goaway(NGHTTP2_INTERNAL_ERROR))
    expect(await caught(bodyOf(open(server.url), '/a'))).toMatchObject({ code: 'KUBE_TRANSPORT' })
  })
})

describe('a reset of the stream', () => {
  it.each([
    ['before the head', NGHTTP2_INTERNAL_ERROR, false],
    ['before the head', NGHTTP2_CANCEL, false],
    ['in the body', NGHTTP2_INTERNAL_ERROR, true],
    ['in the body', NGHTTP2_CANCEL, true],
  ])('%s, with code %i, is a TransportError, and never a body cut short', async (_, code, head) => {
    const transport = open((await resetServer(code, head)).url)
    const error = await kubeError('KUBE_TRANSPORT', bodyOf(transport, '/a', { method: 'POST', body: '{}' }))
    expect(error.message).toContain(`HTTP/2 error code ${code}`)
    expect(error.maybeApplied).toBe(true)
  })

  it('ends a watch with a TransportError, after what had come', async () => {
    const body = await reader(open((await resetServer(NGHTTP2_CANCEL, true)).url), '/watch')
    expect(String(Buffer.from((await body.next()).value ?? []))).toBe('{"half":')
    expect(await caught(body.next())).toMatchObject({ code: 'KUBE_TRANSPORT' })
  })

  it.each(['unary', 'stream'] as const)(
    'by which nothing went wrong is one too, where a length was promised (%s)',
    async (kind) => {
      const { url } = await frames((socket) => {
        socket.write(settings())
        onFrames(socket, (type, _, stream) => {
          if (type !== frameType.headers) return
          const data = frame(frameType.data, 0, stream, Buffer.from('{"half":'))
          socket.write(
            Buffer.concat([frame(frameType.headers, 4, stream, okOfNine), data, frame(3, 0, stream, noError)]),
          )
        })
      })
      const error = await kubeError('KUBE_TRANSPORT', bodyOf(open(url), '/a', { kind }))
      expect(error.message).toContain('cut off before it was complete')
    },
  )

  it('is none where a length is promised of what does not come', async () => {
    const { url } = await frames((socket) => {
      socket.write(settings())
      onFrames(socket, (type, _, stream) => {
        if (type === frameType.headers) socket.write(frame(frameType.headers, 5, stream, okOfNine))
      })
    })
    await expect(bodyOf(open(url), '/a', { method: 'HEAD' })).resolves.toBe('')
  })

  it('that says the request was refused sends it again', async () => {
    const server = await serve((call) => {
      if (server.calls.length > 1) answer(call)
      else call.stream.close(constants.NGHTTP2_REFUSED_STREAM)
    })
    await expect(bodyOf(open(server.url), '/a')).resolves.toBe('ok')
    expect(server.calls).toHaveLength(2)
  })
})

describe('a connection that has died', () => {
  it('is found by a PING without an answer: its calls reject, and the next ones use another', async () => {
    let pings = 0
    const server = await silent(() => {
      pings += 1
    })
    const transport = open(server.url, {}, { quietMs: 1, answerMs: 1 })
    const watch = async (): Promise<unknown> => (await reader(transport, '/watch')).next()
    for (const expected of [1, 2]) {
      const error = await kubeError('KUBE_TRANSPORT', watch())
      expect(error.message).toMatch(/the connection is dead: not a byte for 2 ms/)
      expect(logged(error)).not.toContain('Socket')
      expect(pings).toBeGreaterThanOrEqual(expected)
    }
  })

  it('is not one that answers its PINGs', async () => {
    const asked = Promise.withResolvers<void>()
    let pings = 0
    const server = await silent((socket) => {
      pings += 1
      socket.write(frame(frameType.ping, 1, 0, Buffer.alloc(8)))
      if (pings === 5) asked.resolve()
    })
    const transport = open(server.url, {}, { quietMs: 1 })
    const body = await reader(transport, '/watch')
    await asked.promise
    const [socket] = server.sockets
    expect(socket?.destroyed).toBe(false)
    await body.return?.()
  })
})

describe('a server that goes wrong at the beginning', () => {
  it('and never says how many streams it allows is given up after `connectMs`', async () => {
    const server = await frames((socket) => void socket.resume())
    const error = await kubeError('KUBE_TRANSPORT', bodyOf(open(server.url, { connectMs: 200 }), '/a'))
    expect(error.message).toMatch(/`timeouts.connectMs`/)
  })

  it.each([
    ['allows no stream', settings(0), /allows no stream/],
    ['says GOAWAY', Buffer.concat([settings(), goaway(0)]), /allows no stream|closed the connection|refuses to look/],
    ['speaks something else', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(20)), /./],
  ])('and %s is an error, and not a loop', async (_, words, message) => {
    const server = await frames((socket) => void socket.resume().write(words))
    const error = await kubeError('KUBE_TRANSPORT', bodyOf(open(server.url), '/a'))
    expect(error.message).toMatch(message)
  })

  it('and hangs up fails those who wait, and not the next', async () => {
    const server = await frames((socket, number) => {
      if (number === 1) socket.destroy()
      else {
        socket.write(settings())
        onFrames(socket, (type, _, stream) => void (type === frameType.headers && socket.write(ok(stream, 'ok'))))
      }
    })
    const transport = open(server.url)
    const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => bodyOf(transport, '/a')))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await expect(bodyOf(transport, '/a')).resolves.toBe('ok')
  })
})

describe('time', () => {
  it('`responseMs` without a byte ends a unary call, and not its connection', async () => {
    const server = await serve((call) => void (call.headers[':path'] === '/quick' && answer(call)))
    const transport = open(server.url, { responseMs: 50 })
    await expect(bodyOf(transport, '/slow')).rejects.toThrow(/`timeouts.responseMs`/)
    await expect(bodyOf(transport, '/quick')).resolves.toBe('ok')
    expect(server.sessions).toHaveLength(1)
  })

  it('`responseMs` without a byte ends a watch that has no head yet, and no other stream', async () => {
    const calls = queue()
    const server = await serve(calls.take)
    const transport = open(server.url, { responseMs: 50 })
    const log = bodyOf(transport, '/log?follow=true', { kind: 'stream' })
    const late = await calls.next()
    const opening = reader(transport, '/pods?watch=true')
    const quiet = await calls.next()
    quiet.stream.respond({ ':status': 200 })
    const watch = await opening
    const failing = bodyOf(transport, '/pods?watch=1', { kind: 'stream' })
    await expect(failing).rejects.toThrow(/`timeouts.responseMs`/)
    quiet.stream.write('event')
    await expect(watch.next()).resolves.toMatchObject({ done: false })
    answer(late, 'patience')
    await expect(log).resolves.toBe('patience')
  })

  it('an idle connection is closed, and the next call opens one', async () => {
    const server = await serve(answer)
    const transport = open(server.url, {}, { idleMs: 1 })
    await bodyOf(transport, '/a')
    const [session] = server.sessions
    if (session?.destroyed === false) await once(session, 'close')
    await expect(bodyOf(transport, '/a')).resolves.toBe('ok')
    expect(server.sessions).toHaveLength(2)
  })
})

describe('close', () => {
  it('with a reason ends everything, on connections that GOAWAY had retired as well', async () => {
    const calls = queue()
    const server = await serve(calls.take)
    const transport = open(server.url)
    const first = caught(bodyOf(transport, '/a'))
    const { session } = await calls.next()
    session.close()
    const second = caught(bodyOf(transport, '/b'))
    await calls.next()
    await transport.close(new Error('the client was closed'))
    for (const error of [await first, await second]) {
      expect(error).toMatchObject({ code: 'KUBE_TRANSPORT' })
      expect(String(error)).toContain('the client was closed')
    }
    await Promise.all([...server.sockets].map((socket) => once(socket, 'close')))
    expect(await caught(bodyOf(transport, '/c'))).toMatchObject({ code: 'KUBE_TRANSPORT' })
  })

  it('without a reason waits for what is in flight, and takes nothing more', async () => {
    const calls = queue()
    const server = await serve(calls.take)
    const transport = open(server.url)
    const first = bodyOf(transport, '/a')
    const call = await calls.next()
    const closing = transport.close()
    expect(await caught(bodyOf(transport, '/b'))).toMatchObject({ code: 'KUBE_TRANSPORT' })
    answer(call)
    await expect(first).resolves.toBe('ok')
    await closing
  })

  it('before anything was sent is at once', async () => {
    const transport = open('https://127.0.0.1:1')
    await transport.close()
    expect(await caught(bodyOf(transport, '/a'))).toMatchObject({ code: 'KUBE_TRANSPORT' })
  })
})
