import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, expect } from 'vitest'

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string
  /** Path and query, as they stood in the request line. */
  readonly target: string
  readonly headers: IncomingMessage['headers']
  /** Name and value of each header line, in the order of the wire. */
  readonly lines: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** 1 for the first connection that the server accepted. */
  readonly connection: number
}

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** When the connection or the response has ended. */
  readonly closed: Promise<void>
  /** Resets the connection, below TLS too. */
  readonly reset: () => void
}

export type Answer = (exchange: Exchange) => void | Promise<void>

/** A server over real sockets that knows only what the test has told it. */
export class ScriptedServer {
  readonly requests: SeenRequest[] = []
  /** Accepted so far. */
  connections = 0
  readonly sockets = new Set<Socket>()
  readonly #server: Server
  readonly #scheme: 'http' | 'https'
  readonly #host: string
  /** What is below TLS, by the port at the other end. */
  readonly #raw = new Map<number | undefined, Socket>()
  readonly #script = new Map<string, Answer[]>()
  readonly #always = new Map<string, Answer>()
  readonly #unexpected: string[] = []
  readonly #failures: unknown[] = []

  constructor(tls?: ServerOptions, host = '127.0.0.1') {
    this.#host = host
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      this.#handle(request, response).catch((error: unknown) => this.#failures.push(error))
    }
    this.#scheme = tls === undefined ? 'http' : 'https'
    this.#server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest)
    this.#server.on('connection', (socket: Socket) => this.#raw.set(socket.remotePort, socket))
    this.#server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.connections += 1
      connectionNumbers.set(socket, this.connections)
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined)
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port // listening on TCP
  }

  /** The origin, over the scheme that the server speaks. */
  get url(): string {
    return `${this.#scheme}://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${this.port}`
  }

  async start(): Promise<void> {
    this.#server.listen(0, this.#host)
    await once(this.#server, 'listening')
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of [...this.sockets, ...this.#raw.values()]) socket.destroy()
    this.#server.closeAllConnections()
    await closed
  }

  /** One answer for each time that the route (`GET /path?query`) is asked for, in this order. */
  reply(route: string, ...answers: Answer[]): void {
    this.#script.set(route, [...(this.#script.get(route) ?? []), ...answers])
  }

  /** The same answer every time, also never. */
  always(route: string, answer: Answer): void {
    this.#always.set(route, answer)
  }

  /** Keeps the request waiting until the test answers it. */
  hold(route: string): Promise<Exchange> {
    const { promise, resolve } = Promise.withResolvers<Exchange>()
    this.reply(route, resolve)
    return promise
  }

  /** Switches protocols, once. */
  switches(answer: (request: IncomingMessage, socket: Socket) => void): void {
    this.#server.once('upgrade', answer)
  }

  /** What the test did not foresee, and what it foresaw in vain. */
  get surprises(): { unexpected: string[]; unused: string[]; failures: unknown[] } {
    const unused = [...this.#script].flatMap(([route, answers]) => answers.map(() => route))
    return { unexpected: this.#unexpected, unused, failures: this.#failures }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request
    const closed = new Promise<void>((resolve) => {
      response.on('close', resolve)
    })
    response.on('error', () => undefined)
    const body: Buffer[] = []
    request.on('error', () => undefined)
    for await (const chunk of request) body.push(chunk)
    this.requests.push({
      method,
      target: url,
      headers: request.headers,
      lines: pairs(request.rawHeaders),
      body: Buffer.concat(body).toString(),
      connection: connectionNumbers.get(request.socket) ?? 0,
    })
    const route = `${method} ${url}`
    const answer = this.#script.get(route)?.shift() ?? this.#always.get(route)
    if (answer === undefined) {
      this.#unexpected.push(route)
      response.writeHead(500).end(`the test has no answer to ${route}`)
      return
    }
    const raw = this.#raw.get(request.socket.remotePort)
    await answer({ request, response, closed, reset: () => raw?.resetAndDestroy() })
  }
}

const connectionNumbers = new WeakMap<Socket, number>()

function pairs(flat: readonly string[]): [string, string][] {
  const lines: [string, string][] = []
  for (let index = 0; index < flat.length; index += 2) lines.push([flat[index] ?? '', flat[index + 1] ?? ''])
  return lines
}

/** A server for each test of a file, which fails if the server was asked something else than the test foresaw. */
export function useServer(tls?: () => ServerOptions | undefined, host?: string): ScriptedServer {
  let current: ScriptedServer | undefined
  beforeEach(async () => {
    current = new ScriptedServer(tls?.(), host)
    await current.start()
  })
  afterEach(async () => {
    const server = current
    current = undefined
    await server?.stop()
    expect(server?.surprises).toEqual({ unexpected: [], unused: [], failures: [] })
  })
  return new Proxy({} as ScriptedServer, {
    get(_, name) {
      if (current === undefined) throw new Error('the server lives within a test')
      const value: unknown = Reflect.get(current, name, current)
      return typeof value === 'function' ? value.bind(current) : value
    },
  })
}

// ── Answers ──

export interface ReplyOptions {
  status?: number
  headers?: Record<string, string | string[]>
}

export function json(value: unknown, { status = 200, headers = {} }: ReplyOptions = {}): Answer {
  return text(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } })
}

export function text(body: string | Uint8Array, { status = 200, headers = {} }: ReplyOptions = {}): Answer {
  return ({ response }) => void response.writeHead(status, headers).end(body)
}

/** A failure as the API server words it. */
export function failure(status: number, reason: string, more: object = {}, options: ReplyOptions = {}): Answer {
  const message = `the server says ${reason}`
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: status }
  return json({ ...body, ...more }, { ...options, status })
}

/** Pieces, each written by itself, then the end. */
export function pieces(
  parts: Iterable<string | Uint8Array>,
  { status = 200, headers = {} }: ReplyOptions = {},
): Answer {
  return async ({ response }) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.flushHeaders()
    for (const part of parts) await new Promise((resolve) => response.write(part, resolve))
    response.end()
  }
}

/** Lines of a watch, then its end. */
export function events(...list: readonly object[]): Answer {
  return pieces(list.map((event) => `${JSON.stringify(event)}\n`))
}

/** The connection is reset after these bytes of the body. */
export function reset(part?: string): Answer {
  return async ({ response, reset: cut }) => {
    if (part !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' })
      await new Promise((resolve) => response.write(part, resolve))
    }
    cut()
  }
}
