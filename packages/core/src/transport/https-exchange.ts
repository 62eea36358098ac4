import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import type { ConnectionOptions } from '../spec/transport.ts'
import { inflate } from './inflate.ts'
import { bodyLimit, bodyTooLong, headLimit, interimFault, isFailure } from './response-limits.ts'
import { codedError, transportError } from './transport-error.ts'
import type { UpgradedSockets } from './upgraded-sockets.ts'
import { waitsForConnection } from './writes-under-way.ts'

/** One request over `node:http` or `node:https`, from its start to the end of its body. */
export class HttpsExchange {
  readonly response: Promise<KubeResponse>
  /** Resolves when the connection is free or gone, whatever happened. */
  readonly ended: Promise<void>
  readonly #request: KubeRequest
  readonly #connection: ConnectionOptions
  readonly #sockets: UpgradedSockets
  readonly #head = Promise.withResolvers<KubeResponse>()
  readonly #end = Promise.withResolvers<void>()
  #outgoing: ClientRequest | undefined
  #sent = false
  #interim = 0
  /** Set once: why it was ended from our side. Wins over what the socket then reports. */
  #ending: { readonly reason: unknown } | undefined

  constructor(request: KubeRequest, connection: ConnectionOptions, sockets: UpgradedSockets) {
    this.#request = request
    this.#connection = connection
    this.#sockets = sockets
    this.response = this.#head.promise
    this.ended = this.#end.promise
    waitsForConnection(request, true)
    if (request.signal?.aborted === true) this.handleEvent()
    else request.signal?.addEventListener('abort', this)
  }

  /** Sends the request, unless nobody wants its answer any more. */
  begin(start: () => ClientRequest): void {
    if (this.#ending !== undefined) return
    try {
      this.#outgoing = start()
      this.#follow(this.#outgoing)
    } catch (error) {
      this.abort(asError(error)) // a certificate that is none, or a header that cannot be sent
    }
  }

  /** The caller's signal. */
  handleEvent(): void {
    this.#stop({ reason: this.#request.signal?.reason })
  }

  /** Ends it with an error that says why. */
  abort(reason: Error): void {
    const { server } = this.#connection
    this.#stop({ reason: transportError(server, this.#request, reason, this.#sent) })
  }

  #follow(outgoing: ClientRequest): void {
    outgoing.once('socket', (socket) => this.#watchConnect(outgoing, socket))
    outgoing.once('response', (incoming) => {
      incoming.once('close', () => this.#end.resolve())
      this.#read(incoming).then(this.#head.resolve, this.#head.reject)
    })
    outgoing.once('upgrade', (incoming, socket, first) => {
      if (first.length > 0) socket.unshift(first)
      socket.setTimeout(0)
      this.#end.resolve()
      this.#head.resolve(this.#sockets.respond(incoming.headers, socket))
    })
    outgoing.on('information', () => this.#onInterim())
    outgoing.on('error', (error) => this.#head.reject(this.#explain(error)))
    outgoing.once('close', () => this.#over())
    // Of the socket: waiting for the head and each silence in the body alike.
    outgoing.setTimeout(headLimit(this.#request, this.#connection.responseMs), () => {
      outgoing.destroy(codedError('RESPONSE_TIMEOUT', 'no response in time'))
    })
    outgoing.end(this.#request.body)
  }

  #stop(ending: { readonly reason: unknown }): void {
    this.#ending ??= ending
    // At once: Node reports it only when the request gets a socket, and it may be waiting for one.
    this.#head.reject(this.#ending.reason)
    if (this.#outgoing === undefined) this.#over()
    else this.#outgoing.destroy(new Error('ended'))
  }

  #over(): void {
    this.#request.signal?.removeEventListener('abort', this)
    this.#end.resolve()
  }

  #onInterim(): void {
    this.#interim += 1
    const fault = interimFault(this.#interim, this.#connection.server, this.#request)
    if (fault !== undefined) this.abort(fault)
  }

  #watchConnect(outgoing: ClientRequest, socket: Socket): void {
    if (!socket.connecting) return this.#onConnection()
    const late = setTimeout(() => {
      outgoing.destroy(codedError('CONNECT_TIMEOUT', 'no connection in time'))
    }, this.#connection.connectMs)
    const connected = 'encrypted' in socket ? 'secureConnect' : 'connect'
    socket.once(connected, () => this.#onConnection())
    for (const event of [connected, 'close', 'error']) socket.once(event, () => clearTimeout(late))
  }

  #onConnection(): void {
    this.#sent = true
    waitsForConnection(this.#request, false)
  }

  async #read(incoming: IncomingMessage): Promise<KubeResponse> {
    const status = incoming.statusCode ?? 0
    const { headers } = incoming
    const { server } = this.#connection
    if (this.#request.kind === 'stream') {
      incoming.setTimeout(0) // from now on it may be silent
      const cancel = (): void => void incoming.destroy()
      return { status, headers, body: freedByReturn(this.#chunks(incoming), cancel), cancel }
    }
    const body = await inflate(server, this.#request, { status, headers }, await this.#wholeBody(incoming, status))
    return { status, headers, body, cancel: () => undefined }
  }

  /** By its events: an iteration costs several promises for each chunk. */
  #wholeBody(incoming: IncomingMessage, status: number): Promise<Buffer[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>()
    const chunks: Buffer[] = []
    let left = bodyLimit(status)
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      left -= chunk.length
      if (left >= 0) return
      if (isFailure(status)) resolve(chunks) // enough to say what is wrong
      else reject(bodyTooLong(this.#connection.server, this.#request))
      incoming.destroy()
    })
    incoming.once('end', () => resolve(chunks))
    incoming.once('error', (error) => reject(this.#explain(error)))
    incoming.once('close', () => {
      if (!incoming.readableEnded) reject(this.#explain(new Error('the connection was closed')))
    })
    return promise
  }

  async *#chunks(incoming: IncomingMessage): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* incoming as AsyncIterable<Buffer> // no encoding is set
    } catch (error) {
      if (this.#ending === undefined && incoming.destroyed && !incoming.errored) return // cancelled by the reader
      throw this.#explain(error)
    }
  }

  #explain(error: unknown): unknown {
    if (this.#ending !== undefined) return this.#ending.reason
    return transportError(this.#connection.server, this.#request, asError(error), this.#sent)
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the exchange failed')
}

/** A generator that has not begun runs no `finally`, and one that waits runs it late: `return` frees the connection at once. */
function freedByReturn<T>(
  body: AsyncGenerator<T, void, undefined>,
  free: () => void,
): AsyncGenerator<T, void, undefined> {
  const finish = body.return.bind(body)
  body.return = (value) => {
    free()
    return finish(value)
  }
  return body
}
