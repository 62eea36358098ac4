import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'

/** A WebSocket as the API server and the kubelet have it: `ws` for those that keep the rules, `socket` for those that do not. */
export interface Session {
  readonly ws: WebSocket
  /** Below the WebSocket. */
  readonly socket: Duplex
  readonly url: URL
  readonly request: IncomingMessage
  /** When the client has gone. */
  readonly closed: Promise<void>
}

export interface KubeletServer {
  readonly url: string
  readonly sessions: readonly Session[]
  /** The protocols that each handshake has offered. */
  readonly offers: readonly string[]
  /** Open sockets. */
  readonly connections: ReadonlySet<Socket>
  /** What becomes of the next sessions, in order; the last stays. */
  onSession(...behaviours: ((session: Session) => void | Promise<void>)[]): void
  onRequest(handler: (request: IncomingMessage, response: ServerResponse) => void): void
  /** Answers the next handshakes with this, byte for byte. */
  refuse(answer: string): void
  /** The same for one. */
  refuseOnce(answer: string): void
  /** Resolves when the clients have left, each connection of them. */
  left(): Promise<void>
  stop(): Promise<void>
}

export interface KubeletServerOptions {
  readonly tls?: ServerOptions
  /** Of those that a client offers. @defaultValue the first */
  readonly chooseProtocol?: (offered: ReadonlySet<string>) => string | false
  /** @defaultValue true */
  readonly answersPings?: boolean
}

/** What an API server does about streams, told by the test; over real sockets. */
export async function startKubeletServer({
  tls,
  chooseProtocol,
  answersPings = true,
}: KubeletServerOptions = {}): Promise<KubeletServer> {
  const server = tls === undefined ? createServer() : createTlsServer(tls)
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    autoPong: answersPings,
    handleProtocols: chooseProtocol ?? ((offered) => [...offered][0] ?? false),
  })
  const sessions: Session[] = []
  const offers: string[] = []
  const connections = new Set<Socket>()
  const closings: Promise<void>[] = []
  let behaviours: ((session: Session) => void | Promise<void>)[] = []
  let refusal: string | undefined
  const refusals: string[] = []
  let handle: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
  server.on('request', (request, response) =>
    handle === undefined ? response.writeHead(404).end() : handle(request, response),
  )
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket)).on('error', () => undefined)
    closings.push(new Promise((resolve) => socket.once('close', () => resolve())))
  })
  server.on('upgrade', (request, socket, head) => {
    offers.push(request.headers['sec-websocket-protocol'] ?? '')
    const answer = refusals.shift() ?? refusal
    if (answer !== undefined) {
      socket.end(answer)
      return
    }
    webSockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => undefined)
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      const session = { ws, socket, request, closed, url: new URL(request.url ?? '/', 'http://server') }
      sessions.push(session)
      const behave = behaviours.length > 1 ? behaviours.shift() : behaviours[0]
      void behave?.(session)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listening on TCP
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    sessions,
    offers,
    connections,
    onSession: (...next) => void (behaviours = next),
    onRequest: (next) => void (handle = next),
    refuse: (answer) => void (refusal = answer),
    refuseOnce: (answer) => void refusals.push(answer),
    async left() {
      await Promise.all(closings)
    },
    async stop() {
      for (const socket of connections) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A message on a channel. */
export function onChannel(channel: number, payload: string | Uint8Array = ''): Uint8Array {
  return Buffer.concat([Buffer.of(channel), Buffer.from(payload as Uint8Array)]) // text is taken too
}

export const success: string = JSON.stringify({ metadata: {}, status: 'Success' })

/** The Status of a command that ended with such a code. */
export function exited(code: number): string {
  const details = { causes: [{ reason: 'ExitCode', message: String(code) }] }
  const message = `command terminated with non-zero exit code: exit status ${code}`
  return JSON.stringify({ metadata: {}, status: 'Failure', message, reason: 'NonZeroExitCode', details })
}

/** Ends a session as the API server does. */
export function finish({ ws }: Session, status: string = success): void {
  ws.send(onChannel(3, status))
  ws.close(1000)
}

/** Messages that the client sends, as they come: each with its channel, without the first byte. */
export async function* received({ ws }: Session): AsyncGenerator<{ channel: number; payload: Buffer }> {
  const queue: Buffer[] = []
  let wake: (() => void) | undefined
  let isOpen = true
  ws.on('message', (data: Buffer) => {
    queue.push(data)
    wake?.()
  })
  ws.on('close', () => {
    isOpen = false
    wake?.()
  })
  for (;;) {
    const message = queue.shift()
    if (message !== undefined) yield { channel: message[0] ?? -1, payload: message.subarray(1) }
    else if (!isOpen) return
    else await new Promise<void>((resolve) => (wake = resolve))
  }
}
