import { type Agent, createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

/** What happens to one request. With `after`: when so many bytes of the body have passed. */
export interface Fault {
  readonly kind:
    | 'none'
    /** The connection breaks; or it stays and nothing comes any more; or it ends in the middle of a line. */
    | 'reset'
    | 'stall'
    | 'truncate'
    /** Byte by byte. */
    | 'trickle'
    /** The server answers: 410, 429 with Retry-After, 500, 503, 403, 422. */
    | 'gone'
    | 'busy'
    | 'broken'
    | 'unavailable'
    | 'forbidden'
    | 'unsupported'
    /** The stream says that the version is gone, or that the server is broken. */
    | 'goneInStream'
    | 'brokenInStream'
    /** The accepted token is another one from now on. */
    | 'rotate'
    /** The server is down for this request and the next. */
    | 'down'
  readonly after: number
}

export interface Upstream {
  readonly server: URL
  readonly token: string
  readonly ca?: string
}

/** A server in front of an API server that makes trouble. */
export class FaultProxy {
  readonly #upstream: Upstream
  readonly #server = createServer({ noDelay: true }, (incoming, outgoing) => void this.#handle(incoming, outgoing))
  readonly #sockets = new Set<Socket>()
  #faults: Fault[] = []
  /** What every request meets whose path holds a text. */
  #always: { readonly path: string; readonly kind: Fault['kind'] } | undefined
  #isCalm = false
  #isHeld = false
  #tokens = 1
  #watches = 0
  /** Requests so far, and how many of them met a fault. */
  requests = 0
  troubled = 0
  readonly paths: string[] = []
  /** Times that the server behind it said that a version is gone. */
  expiries = 0

  private constructor(upstream: Upstream) {
    this.#upstream = upstream
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(upstream: Upstream): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream)
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve)
    })
    return proxy
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo // it listens
    return `http://127.0.0.1:${port}`
  }

  /** The token that it takes at present. */
  get token(): string {
    return `token-${this.#tokens}`
  }

  get openConnections(): number {
    return this.#sockets.size
  }

  /** Watches that are being answered. */
  get openWatches(): number {
    return this.#watches
  }

  /** For the next requests, one each. */
  plan(faults: readonly Fault[]): void {
    this.#faults.push(...faults)
  }

  /** From now on, for every request whose path holds this. */
  failAlways(path: string, kind: Fault['kind']): void {
    this.#always = { path, kind }
  }

  /** No further trouble, on open connections neither. Those that stall stay so. */
  calm(): void {
    this.#faults = []
    this.#isCalm = true
  }

  /** As a server that is down: nothing gets through, until {@link FaultProxy.release}. */
  hold(): void {
    this.#isHeld = true
    this.breakAll()
  }

  release(): void {
    this.#isHeld = false
  }

  /** Every connection breaks, as when a server is killed. */
  breakAll(): void {
    for (const socket of this.#sockets) breakOff(socket)
  }

  async stop(): Promise<void> {
    this.breakAll()
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.requests += 1
    this.paths.push(incoming.url ?? '')
    const fault = this.#faultOf(incoming.url ?? '')
    if (fault.kind !== 'none') this.troubled += 1
    if (fault.kind === 'rotate') this.#tokens += 1
    if (fault.kind === 'down' || this.#isHeld) {
      this.breakAll()
      return
    }
    const refusal = incoming.headers.authorization === `Bearer ${this.token}` ? refusals[fault.kind] : 401
    if (refusal !== undefined) refuse(outgoing, refusal)
    else await this.#forward(incoming, outgoing, fault)
  }

  #faultOf(path: string): Fault {
    const always = this.#always
    if (always !== undefined && path.includes(always.path)) return { kind: always.kind, after: 0 }
    return this.#faults.shift() ?? { kind: 'none', after: 0 }
  }

  async #forward(incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault): Promise<void> {
    const isWatch = incoming.url?.includes('watch=true') === true
    if (isWatch) this.#watches += 1
    outgoing.once('close', () => {
      if (isWatch) this.#watches -= 1
    })
    try {
      const response = await this.#ask(incoming, outgoing)
      if (response.statusCode === 410) this.expiries += 1
      outgoing.writeHead(response.statusCode ?? 502, { 'content-type': response.headers['content-type'] })
      outgoing.flushHeaders()
      await this.#pass(response, outgoing, fault)
    } catch {
      outgoing.destroy() // as the connection behind it
    }
  }

  #ask(incoming: IncomingMessage, outgoing: ServerResponse): Promise<IncomingMessage> {
    const { server, token, ca } = this.#upstream
    const { accept } = incoming.headers
    const options = {
      method: incoming.method,
      headers: { authorization: `Bearer ${token}`, accept },
      agent: false as boolean | Agent,
      ...(ca !== undefined && { ca }),
    }
    return new Promise((resolve, reject) => {
      const ask = server.protocol === 'https:' ? httpsRequest : httpRequest
      const upstream = ask(new URL(incoming.url ?? '/', server), options, resolve)
      upstream.on('error', reject)
      outgoing.once('close', () => upstream.destroy())
      incoming.pipe(upstream)
    })
  }

  async #pass(response: AsyncIterable<Buffer>, outgoing: ServerResponse, fault: Fault): Promise<void> {
    let left = fault.after
    for await (const chunk of response) {
      if (chunk.includes('"reason":"Expired"')) this.expiries += 1
      if (fault.kind === 'none' || fault.kind === 'rotate' || this.#isCalm) {
        outgoing.write(chunk)
      } else if (fault.kind === 'trickle') {
        await trickle(outgoing, chunk)
      } else if (chunk.length < left || !isInBody(fault)) {
        left -= chunk.length
        outgoing.write(chunk)
      } else {
        cut(outgoing, chunk, left, fault.kind)
        return
      }
    }
    outgoing.end()
  }
}

/** One that is ending cannot be reset: Node would never say that it has closed. */
function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

const refusals: Partial<Record<Fault['kind'], number>> = {
  gone: 410,
  busy: 429,
  broken: 500,
  unavailable: 503,
  forbidden: 403,
  unsupported: 422,
}

function isInBody({ kind }: Fault): boolean {
  return refusals[kind] === undefined
}

function cut(outgoing: ServerResponse, chunk: Buffer, at: number, kind: Fault['kind']): void {
  if (kind === 'goneInStream' || kind === 'brokenInStream') {
    outgoing.end(`${JSON.stringify({ type: 'ERROR', object: statusOf(kind === 'goneInStream' ? 410 : 500) })}\n`)
    return
  }
  outgoing.write(chunk.subarray(0, at), () => {
    if (kind === 'truncate') outgoing.end()
    if (kind === 'reset') outgoing.destroy()
    // 'stall': nothing more
  })
}

async function trickle(outgoing: ServerResponse, chunk: Buffer): Promise<void> {
  for (const byte of chunk) {
    if (outgoing.destroyed) return
    outgoing.write(Buffer.of(byte))
    if (byte === 10) await new Promise(setImmediate)
  }
}

function refuse(outgoing: ServerResponse, status: number): void {
  const headers = { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '1' }) }
  outgoing.writeHead(status, headers).end(JSON.stringify(statusOf(status)))
}

function statusOf(code: number): object {
  const reason = code === 410 ? 'Expired' : code === 429 ? 'TooManyRequests' : 'Made'
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: `made ${code}`, reason, code }
}
