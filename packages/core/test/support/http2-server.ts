import { once } from 'node:events'
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** One request, and the stream that waits for its answer. */
export interface Http2Call {
  readonly stream: ServerHttp2Stream
  readonly headers: IncomingHttpHeaders
  /** Name and value of each header line, in the order of the wire. */
  readonly lines: readonly string[]
  readonly session: ServerHttp2Session
}

export interface Running {
  readonly url: string
  readonly sockets: Set<Socket>
  stop(): Promise<void>
}

export interface Http2Server extends Running {
  readonly calls: Http2Call[]
  readonly sessions: ServerHttp2Session[]
}

/** An HTTP/2 server over TLS that hands each request to the test. */
export async function startHttp2Server(
  options: SecureServerOptions,
  answer: (call: Http2Call) => void,
): Promise<Http2Server> {
  const calls: Http2Call[] = []
  const sessions: ServerHttp2Session[] = []
  const server = createSecureServer({ maxSessionMemory: 1024, ...options })
  server.on('session', (session) => {
    sessions.push(session)
    session.on('error', () => undefined)
  })
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _: number, lines: string[]) => {
    stream.on('error', () => undefined)
    const session = stream.session as ServerHttp2Session // of a stream that has just begun on a server
    const call: Http2Call = { stream, headers, lines, session }
    calls.push(call)
    answer(call)
  })
  server.on('sessionError', () => undefined)
  return { ...(await listening(server)), calls, sessions }
}

/** A server over TLS whose ALPN chooses HTTP/2, and which then says and does what the test writes. */
export async function startFrameServer(
  options: { cert: string; key: string },
  onConnection: (socket: Socket, number: number) => void,
): Promise<Running> {
  let number = 0
  const server = createTlsServer({ ...options, ALPNProtocols: ['h2'] }, (socket) => {
    socket.on('error', () => undefined)
    number += 1
    onConnection(socket, number)
  })
  return listening(server)
}

async function listening(server: TcpServer): Promise<Running> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listening on TCP
  return {
    url: `https://127.0.0.1:${port}`,
    sockets,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

// ── Frames ──

export const frameType = { data: 0, headers: 1, settings: 4, ping: 6, goaway: 7 } as const
export const endStream = 1
export const endHeaders = 4

/** @see RFC 9113 section 4.1 */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** Empty: every setting has its default. */
export function settings(maxConcurrentStreams?: number): Buffer {
  if (maxConcurrentStreams === undefined) return frame(frameType.settings, 0, 0)
  const setting = Buffer.alloc(6)
  setting.writeUInt16BE(3, 0)
  setting.writeUInt32BE(maxConcurrentStreams, 2)
  return frame(frameType.settings, 0, 0, setting)
}

export function goaway(lastStream: number, code = 0): Buffer {
  const payload = Buffer.alloc(8)
  payload.writeUInt32BE(lastStream, 0)
  payload.writeUInt32BE(code, 4)
  return frame(frameType.goaway, 0, 0, payload)
}

/** `:status: 200` is number 8 of the table that every HPACK decoder knows. */
export function ok(stream: number, body: string): Buffer {
  return Buffer.concat([
    frame(frameType.headers, endHeaders, stream, Uint8Array.of(0x88)),
    frame(frameType.data, endStream, stream, Buffer.from(body)),
  ])
}

/** Calls back for each whole frame that the client sends after its preface. */
export function onFrames(socket: Socket, each: (type: number, flags: number, stream: number) => void): void {
  let bytes: Buffer = Buffer.alloc(0)
  let toSkip = preface
  socket.on('data', (chunk: Buffer) => {
    const skipped = Math.min(toSkip, chunk.length)
    toSkip -= skipped
    bytes = Buffer.concat([bytes, chunk.subarray(skipped)])
    while (bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
      const [type, flags, stream] = [bytes.readUInt8(3), bytes.readUInt8(4), bytes.readUInt32BE(5)]
      bytes = bytes.subarray(9 + bytes.readUIntBE(0, 3))
      each(type, flags, stream)
    }
  })
}

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length
