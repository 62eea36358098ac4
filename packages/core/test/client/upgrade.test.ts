import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Client, ClientConfig } from '../../src/index.ts'
import { createClient } from '../../src/index.ts'
import { createClient as createLiteClient } from '../../src/lite.ts'

const protocol = 'v5.channel.k8s.io'
const proofOf = (key: string | undefined): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

let server: Server | undefined
const sockets = new Set<Socket>()

afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server?.close()
})

/** A server that switches protocols with the given headers, sends "hello", and then repeats what it is sent. */
async function switching(headers: (request: IncomingMessage) => Record<string, string>) {
  const requests: IncomingMessage[] = []
  const closed = Promise.withResolvers<void>()
  server = createServer((_, response) => response.writeHead(403).end('no'))
  server.on('connection', (socket) => sockets.add(socket))
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    requests.push(request)
    socket.on('error', () => socket.destroy()).on('close', closed.resolve)
    const lines = Object.entries(headers(request)).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${lines.join('')}\r\nhello`,
    )
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, closed: closed.promise }
}

const right = (request: IncomingMessage): Record<string, string> => ({
  'sec-websocket-accept': proofOf(request.headers['sec-websocket-key']),
  'sec-websocket-protocol': protocol,
})

async function readText(readable: ReadableStream<Uint8Array>, length: number): Promise<string> {
  const reader = readable.getReader()
  let text = ''
  while (text.length < length) text += Buffer.from((await reader.read()).value ?? []).toString()
  reader.releaseLock()
  return text
}

describe.each<[string, (config: ClientConfig) => Client]>([
  ['undici', createClient],
  ['node:https', createLiteClient],
])('upgrade over %s', (_, create) => {
  const connect = (url: string, more: Partial<ClientConfig> = {}) => create({ server: url, retry: false, ...more })
  const exec = { path: '/exec', query: { command: 'ls' }, protocols: [protocol, 'v4.channel.k8s.io'] }

  it('hands over a connection in both directions, after a handshake with the credentials of any request', async () => {
    const { url, requests } = await switching(right)
    await using client = connect(url, { credentials: { token: 'abc' }, impersonate: { user: 'jane' } })
    await using connection = await client.upgrade(exec)
    expect(connection.protocol).toBe(protocol)
    expect(await readText(connection.readable, 5)).toBe('hello')
    const writer = connection.writable.getWriter()
    await writer.write(new TextEncoder().encode('again'))
    expect(await readText(connection.readable, 5)).toBe('again')
    expect(requests[0]?.url).toBe('/exec?command=ls')
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer abc',
      'impersonate-user': 'jane',
      connection: expect.stringMatching(/upgrade/i),
      upgrade: 'websocket',
      'sec-websocket-protocol': 'v5.channel.k8s.io, v4.channel.k8s.io',
      'sec-websocket-version': '13',
    })
  })

  it('is refused with what the server says', async () => {
    const { url } = await switching(right)
    server?.removeAllListeners('upgrade')
    await using client = connect(url)
    await expect(client.upgrade(exec)).rejects.toMatchObject({ code: 'KUBE_API', status: 403 })
  })

  it.each([
    [
      'a protocol that was not offered',
      (request: IncomingMessage) => ({ ...right(request), 'sec-websocket-protocol': 'x' }),
      /"x"/,
    ],
    [
      'no protocol',
      (request: IncomingMessage) => ({ 'sec-websocket-accept': right(request)['sec-websocket-accept'] ?? '' }),
      /""/,
    ],
    [
      'the proof of another key',
      (request: IncomingMessage) => ({ ...right(request), 'sec-websocket-accept': proofOf('x') }),
      /handshake/,
    ],
  ])('of %s is a ProtocolError, and the connection is closed', async (__, headers, message) => {
    const { url, closed } = await switching(headers)
    await using client = connect(url)
    const error = await client.upgrade(exec).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'KUBE_PROTOCOL', message: expect.stringMatching(message) })
    await closed
  })

  it.each(['close', 'client'])('is closed by %s', async (by) => {
    const { url, closed } = await switching(right)
    const client = connect(url)
    const connection = await client.upgrade(exec)
    await (by === 'close' ? connection.close() : client.close())
    await expect(closed).resolves.toBeDefined()
    await client.close()
  })

  it('passes the middleware, which sees the 101', async () => {
    const { url } = await switching(right)
    const seen: unknown[] = []
    const middleware: ClientConfig['middleware'] = [
      async (request, next) => {
        const response = await next(request)
        seen.push(request.kind, response.status, response.socket !== undefined)
        return response
      },
    ]
    await using client = connect(url, { middleware })
    await client.upgrade(exec)
    expect(seen).toEqual(['upgrade', 101, true])
  })

  it('ends its handshake with the signal', async () => {
    const { url } = await switching(right)
    server?.removeAllListeners('upgrade').on('upgrade', () => undefined)
    await using client = connect(url)
    const reason = new Error('enough')
    await expect(client.upgrade({ ...exec, signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    await expect(client.upgrade({ ...exec, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it.each<[string, (socket: Socket) => void]>([
    ['is lost', (socket) => socket.destroy()],
    ['takes too long', () => undefined],
  ])('whose handshake %s may have run its command', async (__, answer) => {
    const { url } = await switching(right)
    let asked = 0
    server?.removeAllListeners('upgrade').on('upgrade', (request: IncomingMessage, socket: Socket) => {
      asked += 1
      answer(socket)
    })
    await using client = connect(url, { retry: {} })
    await expect(client.upgrade({ ...exec, timeoutMs: 500 })).rejects.toMatchObject({
      code: 'KUBE_TRANSPORT',
      maybeApplied: true,
    })
    expect(asked).toBe(1)
  })

  it('needs protocols', async () => {
    await using client = connect('http://127.0.0.1:1')
    await expect(client.upgrade({ ...exec, protocols: [] })).rejects.toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
  })
})
