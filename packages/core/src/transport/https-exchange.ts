import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import type { ConnectionOptions } from '../spec/transport.ts'
import { headLimit } from './head-limit.ts'
import { inflate } from './inflate.ts'
import { bodyLimit, bodyTooLong, interimFault, isFailure } from './response-limits.ts'
import { codedError, transportError } from './transport-error.ts'
import type { UpgradedSockets } from './upgraded-sockets.ts'

/** One request over `node:http` or `node:https`, from its start to the end of its body. */
export class HttpsExchange {
  readonly response: Promise<KubeResponse>
  /** Resolves when the connection is free or gone, whatever happened. */
  readonly ended: Promise<void>
  readonly #outgoing: ClientRequest
  readonly #request: KubeRequest
  readonly #connection: ConnectionOptions
  readonly #reject: (reason: unknown) => void
  #sent = false
  #interim = 0
  /** Set once: why it was ended from our side. Wins over what the socket then reports. */
  #ending: { readonly reason: unknown } | undefined

  constructor(outgoing: ClientRequest, request: KubeRequest, connection: ConnectionOptions, sockets: UpgradedSockets) {
    this.#outgoing = outgoing
    this.#request = request
    this.#connection = connection
    const head = Promise.withResolvers<KubeResponse>()
    const end = Promise.withResolvers<void>()
    this.response = head.promise
    this.ended = end.promise
    this.#reject = head.reject

    outgoing.once('socket', (socket) => this.#watchConnect(socket))
    outgoing.once('response', (incoming) => {
      incoming.once('close', () => end.resolve())
      this.#read(incoming).then(head.resolve, head.reject)
    })
    outgoing.once('upgrade', (incoming, socket, first) => {
      if (first.length > 0) socket.unshift(first)
      socket.setTimeout(0)
      end.resolve()
      head.resolve(sockets.respond(incoming.headers, socket))
    })
    outgoing.on('information', () => this.#onInterim())
    outgoing.on('error', (error) => head.reject(this.#explain(error)))
    outgoing.once('close', () => {
      request.signal?.removeEventListener('abort', this)
      end.resolve()
    })
    this.#begin()
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

  #begin(): void {
    const { signal, body } = this.#request
    if (signal?.aborted === true) this.#stop({ reason: signal.reason })
    signal?.addEventListener('abort', this)
    // Of the socket: waiting for the head and each silence in the body alike.
    this.#outgoing.setTimeout(headLimit(this.#request, this.#connection.responseMs), () => {
      this.#outgoing.destroy(codedError('RESPONSE_TIMEOUT', 'no response in time'))
    })
    this.#outgoing.end(body)
  }

  #stop(ending: { readonly reason: unknown }): void {
    this.#ending ??= ending
    // At once: Node reports it only when the request gets a socket, and it may be waiting for one.
    this.#reject(this.#ending.reason)
    this.#outgoing.destroy(new Error('ended'))
  }

  #onInterim(): void {
    this.#interim += 1
    const fault = interimFault(this.#interim, this.#connection.server, this.#request)
    if (fault !== undefined) this.abort(fault)
  }

  #watchConnect(socket: Socket): void {
    if (!socket.connecting) {
      this.#sent = true
      return
    }
    const late = setTimeout(() => {
      this.#outgoing.destroy(codedError('CONNECT_TIMEOUT', 'no connection in time'))
    }, this.#connection.connectMs)
    const connected = 'encrypted' in socket ? 'secureConnect' : 'connect'
    socket.once(connected, () => {
      this.#sent = true
    })
    for (const event of [connected, 'close', 'error']) socket.once(event, () => clearTimeout(late))
  }

  async #read(incoming: IncomingMessage): Promise<KubeResponse> {
    const status = incoming.statusCode ?? 0
    const { headers } = incoming
    if (this.#request.kind === 'stream') {
      incoming.setTimeout(0) // from now on it may be silent
      const cancel = (): void => void incoming.destroy()
      return { status, headers, body: freedByReturn(this.#chunks(incoming), cancel), cancel }
    }
    const { server } = this.#connection
    const chunks: Buffer[] = []
    let left = bodyLimit(status)
    for await (const chunk of this.#chunks(incoming)) {
      chunks.push(chunk)
      left -= chunk.length
      if (left >= 0) continue
      if (isFailure(status)) break // enough to say what is wrong
      throw bodyTooLong(server, this.#request)
    }
    const body = await inflate(server, this.#request, { status, headers }, chunks)
    return { status, headers, body, cancel: () => undefined }
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
    const failure = error instanceof Error ? error : new Error('the exchange failed')
    return transportError(this.#connection.server, this.#request, failure, this.#sent)
  }
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
