import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { ProtocolError } from '../spec/errors.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import { BufferedBody, maxBodyBytes } from './buffered-body.ts'
import type { ExchangeControl, ExchangeHandler } from './exchange-handler.ts'
import { transportError } from './transport-error.ts'
import type { UpgradedSockets } from './upgraded-sockets.ts'

/**
 * undici's handler of one unary attempt: settles once, at the end of the body. Fields are emptied when it ends: what still
 * points at the handler (listener lists, timers) would otherwise keep its chunks alive through collections.
 */
export class UnaryExchange implements ExchangeHandler {
  readonly #server: URL
  readonly #sockets: UpgradedSockets | undefined
  #request: KubeRequest | null
  #resolve: ((response: KubeResponse) => void) | null
  #reject: ((reason: unknown) => void) | null
  #controller: ExchangeControl | null = null
  #status = 0
  #headers: IncomingHttpHeaders | null = null
  #chunks: Buffer[] | null = []
  #bytes = 0

  constructor(
    server: URL,
    request: KubeRequest,
    resolve: (response: KubeResponse) => void,
    reject: (reason: unknown) => void,
    sockets?: UpgradedSockets,
  ) {
    this.#server = server
    this.#request = request
    this.#resolve = resolve
    this.#reject = reject
    this.#sockets = sockets
    if (request.signal?.aborted === true) this.#fail(request.signal.reason)
    else request.signal?.addEventListener('abort', this)
  }

  /** The caller's signal: may come while the request still waits for a connection. */
  handleEvent(): void {
    const controller = this.#controller
    this.#fail(this.#request?.signal?.reason)
    controller?.abort(ended)
  }

  onRequestStart(controller: ExchangeControl): void {
    if (this.#resolve === null) controller.abort(ended)
    else this.#controller = controller
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return // 100 Continue and its kin come here too
    this.#status = status
    this.#headers = headers
  }

  onResponseData(controller: ExchangeControl, chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > maxBodyBytes)
      controller.abort(new ProtocolError('the body is longer than 512 MiB: list in pages'))
    else this.#chunks?.push(chunk)
  }

  /** A 101, which only a request of the kind `upgrade` is answered with. */
  onRequestUpgrade(_: unknown, __: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    const resolve = this.#resolve
    const sockets = this.#sockets
    this.#free()
    if (resolve === null || sockets === undefined) socket.destroy()
    else resolve(sockets.respond(headers, socket))
  }

  onResponseEnd(): void {
    const resolve = this.#resolve
    const body = new BufferedBody(this.#chunks ?? [])
    const response = { status: this.#status, headers: this.#headers ?? {}, body, cancel: nothing }
    this.#free()
    // undici frees the connection in an immediate that it sets after this callback. Ours comes after that one, or a caller's
    // next request would find the connection busy and open another.
    if (resolve !== null) process.nextTick(setImmediate, resolve, response)
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.#request !== null)
      this.#fail(transportError(this.#server, this.#request, error, this.#controller !== null))
  }

  #fail(reason: unknown): void {
    const reject = this.#reject
    this.#free()
    reject?.(reason)
  }

  #free(): void {
    this.#request?.signal?.removeEventListener('abort', this)
    this.#request = this.#controller = this.#headers = this.#chunks = this.#resolve = this.#reject = null
  }
}

// undici asks for an error to abort with; nobody sees this one, as the promise has been settled before.
const ended = new Error('the exchange has ended')

function nothing(): void {
  // A unary body has arrived whole: its connection is free already.
}
