import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import type { BufferedBody } from './buffered-body.ts'
import type { ExchangeControl, ExchangeHandler } from './exchange-handler.ts'
import { inflate } from './inflate.ts'
import { bodyLimit, bodyTooLong, interimFault, isFailure } from './response-limits.ts'
import { transportError } from './transport-error.ts'
import type { UpgradedSockets } from './upgraded-sockets.ts'
import { waitsForConnection } from './writes-under-way.ts'

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
  #limit = 0
  #interim = 0

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
    waitsForConnection(request, true)
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
    if (this.#request === null) return controller.abort(ended)
    waitsForConnection(this.#request, false)
    this.#controller = controller
  }

  onResponseStart(controller: ExchangeControl, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return this.#onInterim(controller) // 100 Continue and its kin
    this.#status = status
    this.#headers = headers
    this.#limit = bodyLimit(status)
  }

  onResponseData(controller: ExchangeControl, chunk: Buffer): void {
    this.#bytes += chunk.length
    this.#chunks?.push(chunk)
    if (this.#bytes > this.#limit) this.#endEarly(controller)
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
    const request = this.#request
    const headers = this.#headers
    if (request === null || headers === null) return
    const status = this.#status
    try {
      const body = inflate(this.#server, request, { status, headers }, this.#chunks ?? [])
      if (body instanceof Promise) this.#settleLater({ status, headers }, body)
      else this.#settle({ status, headers, body, cancel: nothing })
    } catch (error) {
      this.#fail(error)
    }
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.#request !== null)
      this.#fail(transportError(this.#server, this.#request, error, this.#controller !== null))
  }

  #onInterim(controller: ExchangeControl): void {
    this.#interim += 1
    const fault = this.#request === null ? undefined : interimFault(this.#interim, this.#server, this.#request)
    if (fault !== undefined) controller.abort(fault)
  }

  #endEarly(controller: ExchangeControl): void {
    if (this.#request === null) return
    if (isFailure(this.#status)) {
      this.onResponseEnd() // enough to say what is wrong
      controller.abort(ended)
    } else controller.abort(bodyTooLong(this.#server, this.#request))
  }

  #settle(response: KubeResponse): void {
    const resolve = this.#resolve
    this.#free()
    if (resolve !== null) whenFree(resolve, response)
  }

  #settleLater(head: Omit<KubeResponse, 'body' | 'cancel'>, body: Promise<BufferedBody>): void {
    const resolve = this.#resolve
    const reject = this.#reject
    this.#free()
    if (resolve === null || reject === null) return
    body.then(
      (inflated) => whenFree(resolve, { ...head, body: inflated, cancel: nothing }),
      (error: unknown) => whenFree(reject, error),
    )
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

/**
 * undici frees the connection in an immediate that it sets after `onResponseEnd`. Ours comes after that one, or a caller's
 * next request would find the connection busy and open another.
 */
function whenFree<Value>(settle: (value: Value) => void, value: Value): void {
  process.nextTick(setImmediate, settle, value)
}

function nothing(): void {
  // A unary body has arrived whole: its connection is free already.
}
