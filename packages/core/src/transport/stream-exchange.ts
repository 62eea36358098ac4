import type { IncomingHttpHeaders } from 'node:http'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import type { ExchangeControl, ExchangeHandler } from './exchange-handler.ts'
import { interimFault } from './response-limits.ts'
import { transportError } from './transport-error.ts'
import { waitsForConnection } from './writes-under-way.ts'

/** Unread bytes at which the socket is paused: a slow reader slows the server down instead of filling memory. */
const pauseAtBytes = 1 << 20

type Next = IteratorResult<Uint8Array, undefined>
const done: Next = { done: true, value: undefined }

/** undici's handler of one streamed response, and its body: settles at the head, then hands over chunk by chunk. */
export class StreamExchange implements ExchangeHandler, AsyncIterableIterator<Uint8Array, undefined> {
  readonly #server: URL
  readonly #request: KubeRequest
  #resolve: ((response: KubeResponse) => void) | null
  #reject: ((reason: unknown) => void) | null
  #controller: ExchangeControl | null = null
  #chunks: Uint8Array[] = []
  #bytes = 0
  #interim = 0
  #ended = false
  /** Why it ended, until it has been reported. */
  #failure: { reason: unknown } | null = null
  /** Readers that wait for the next chunk: the `resolve`s themselves, as closures around them would outlive collections. */
  #waiting: ((next: Next | Promise<Next>) => void)[] = []

  constructor(
    server: URL,
    request: KubeRequest,
    resolve: (response: KubeResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#server = server
    this.#request = request
    this.#resolve = resolve
    this.#reject = reject
    waitsForConnection(request, true)
    if (request.signal?.aborted === true) this.#end({ reason: request.signal.reason })
    else request.signal?.addEventListener('abort', this)
  }

  // ── The caller's signal ──

  handleEvent(): void {
    this.#stop({ reason: this.#request.signal?.reason })
  }

  // ── undici ──

  onRequestStart(controller: ExchangeControl): void {
    if (this.#ended) return controller.abort(stopped)
    waitsForConnection(this.#request, false)
    this.#controller = controller
  }

  onResponseStart(controller: ExchangeControl, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) {
      this.#interim += 1
      const fault = interimFault(this.#interim, this.#server, this.#request)
      if (fault !== undefined) controller.abort(fault)
      return
    }
    const resolve = this.#resolve
    this.#resolve = this.#reject = null
    resolve?.({ status, headers, body: this, cancel: () => this.#stop(null) })
  }

  onResponseData(controller: ExchangeControl, chunk: Buffer): void {
    const waiting = this.#waiting.shift()
    if (waiting !== undefined) {
      waiting({ done: false, value: chunk })
      return
    }
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes >= pauseAtBytes) controller.pause()
  }

  onResponseEnd(): void {
    this.#end(null)
  }

  onResponseError(_: unknown, error: Error): void {
    if (!this.#ended) {
      this.#end({ reason: transportError(this.#server, this.#request, error, this.#controller !== null) })
    }
  }

  // ── The reader ──

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Next> {
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) {
      this.#bytes -= chunk.length
      if (this.#bytes === 0 && this.#controller?.paused === true) this.#controller.resume()
      return Promise.resolve({ done: false, value: chunk })
    }
    if (this.#ended) return this.#last()
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  return(): Promise<Next> {
    this.#stop(null)
    return Promise.resolve(done)
  }

  // ── Endings ──

  /** From our side: what has not been read is given up. */
  #stop(failure: { reason: unknown } | null): void {
    const controller = this.#controller
    this.#chunks = []
    this.#bytes = 0
    if (this.#ended) return
    this.#end(failure)
    controller?.abort(stopped)
  }

  #end(failure: { reason: unknown } | null): void {
    this.#ended = true
    this.#request.signal?.removeEventListener('abort', this)
    this.#controller = null
    const reject = this.#reject
    this.#resolve = this.#reject = null
    this.#failure = reject === null ? failure : null
    reject?.(failure?.reason)
    for (const waiting of this.#waiting.splice(0)) waiting(this.#last())
  }

  #last(): Promise<Next> {
    const failure = this.#failure
    this.#failure = null
    // oxlint-disable-next-line prefer-promise-reject-errors -- a signal's reason is passed on as it is
    return failure === null ? Promise.resolve(done) : Promise.reject(failure.reason)
  }
}

// undici asks for an error to abort with; nobody sees this one, as the reader has been told before.
const stopped = new Error('the reader has stopped')
