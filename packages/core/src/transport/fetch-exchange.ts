import { TransportError } from '../spec/errors.ts'
import type { KubeRequest, KubeResponse, ResponseHeaders } from '../spec/request.ts'
import type { ConnectionOptions } from '../spec/transport.ts'
import { BufferedBody } from './buffered-body.ts'
import { fetchFailure } from './fetch-failure.ts'
import { requestSummary } from './request-summary.ts'
import { bodyLimit, bodyTooLong, headLimit, isFailure } from './response-limits.ts'
import { codedError } from './transport-error.ts'

/** Sends with the signal that it is given. */
export type StartFetch = (signal: AbortSignal) => Promise<Response>

type Next = IteratorResult<Uint8Array, undefined>
const done: Next = { done: true, value: undefined }

/**
 * One request over a fetch, from its start to the end of its body, and the body of a stream. Ends at once when it is told to:
 * a fetch that does not heed its signal keeps nobody waiting.
 */
export class FetchExchange implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly response: Promise<KubeResponse>
  /** Resolves when nothing more will be read, whatever happened. */
  readonly over: Promise<void>
  readonly #request: KubeRequest
  readonly #connection: ConnectionOptions
  readonly #controller = new AbortController()
  readonly #reject: (reason: unknown) => void
  readonly #resolveOver: () => void
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  #late: ReturnType<typeof setTimeout> | undefined
  #ended = false
  /** Why it ended, until it has been reported. */
  #failure: { readonly reason: unknown } | undefined

  constructor(start: StartFetch, request: KubeRequest, connection: ConnectionOptions) {
    const head = Promise.withResolvers<KubeResponse>()
    const over = Promise.withResolvers<void>()
    this.response = head.promise
    this.over = over.promise
    this.#request = request
    this.#connection = connection
    this.#reject = head.reject
    this.#resolveOver = over.resolve
    if (request.signal?.aborted === true) this.handleEvent()
    else {
      request.signal?.addEventListener('abort', this)
      this.#exchange(start).then(head.resolve, head.reject)
    }
  }

  /** The caller's signal. */
  handleEvent(): void {
    this.#stop({ reason: this.#request.signal?.reason })
  }

  /** Ends it with an error that says why. */
  abort(reason: Error): void {
    this.#stop({ reason: fetchFailure(this.#connection.server, this.#request, reason) })
  }

  // ── The reader of a stream ──

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<Next> {
    const chunk = await this.#read()
    return chunk === undefined ? done : { done: false, value: chunk }
  }

  return(): Promise<Next> {
    this.#stop(undefined)
    return Promise.resolve(done)
  }

  // ── The exchange ──

  async #exchange(start: StartFetch): Promise<KubeResponse> {
    this.#awaitSign()
    const response = await this.#head(start)
    const { status } = response
    const headers = headersOf(response.headers)
    if (this.#request.kind === 'stream') {
      clearTimeout(this.#late) // from now on it may be silent
      return { status, headers, body: this, cancel: () => this.#stop(undefined) }
    }
    return { status, headers, body: await this.#wholeBody(status), cancel: () => undefined }
  }

  async #head(start: StartFetch): Promise<Response> {
    try {
      const response = await start(this.#controller.signal)
      this.#reader = response.body?.getReader()
      if (response.status === 0) this.#stop({ reason: this.#hiddenRedirect() })
      if (!this.#ended) return response
      this.#giveUp()
    } catch (error) {
      this.#fail(error)
    }
    throw this.#failure?.reason
  }

  async #wholeBody(status: number): Promise<BufferedBody> {
    const chunks: Uint8Array[] = []
    let left = bodyLimit(status)
    for (let chunk = await this.#read(); chunk !== undefined; chunk = await this.#read()) {
      this.#awaitSign()
      chunks.push(chunk)
      left -= chunk.length
      if (left >= 0) continue
      if (isFailure(status)) this.#stop(undefined) // enough to say what is wrong
      else this.#fail(bodyTooLong(this.#connection.server, this.#request))
    }
    return new BufferedBody(chunks)
  }

  /** `undefined`: the end. */
  async #read(): Promise<Uint8Array | undefined> {
    try {
      const next = this.#ended ? undefined : await this.#reader?.read()
      if (!this.#ended) {
        if (next?.value === undefined) this.#end()
        return next?.value
      }
    } catch (error) {
      this.#fail(error)
    }
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure.reason
    return undefined
  }

  /** The head, and each chunk of the body of a unary call, are not waited for longer than that. */
  #awaitSign(): void {
    const limitMs = headLimit(this.#request, this.#connection.responseMs)
    clearTimeout(this.#late)
    if (limitMs === 0 || limitMs > 0x7fff_ffff) return // a longer timer would be one of 1 ms
    this.#late = setTimeout(() => this.#fail(codedError('RESPONSE_TIMEOUT', 'no response in time')), limitMs)
  }

  #hiddenRedirect(): TransportError {
    return new TransportError(
      'the server redirects, and this fetch does not say where: set `server` to the URL that it leads to',
      { request: requestSummary(this.#connection.server, this.#request) },
    )
  }

  // ── Endings ──

  #fail(error: unknown): void {
    this.#stop({ reason: fetchFailure(this.#connection.server, this.#request, error) })
  }

  /** Before the end: what has not been read is given up. */
  #stop(failure: { readonly reason: unknown } | undefined): void {
    if (this.#ended) return
    this.#failure = failure
    this.#end()
    if (failure !== undefined) this.#reject(failure.reason)
    this.#giveUp()
  }

  #giveUp(): void {
    this.#controller.abort()
    this.#reader?.cancel().catch(() => undefined) // it has failed already, which is reported elsewhere
  }

  #end(): void {
    this.#ended = true
    clearTimeout(this.#late)
    this.#request.signal?.removeEventListener('abort', this)
    this.#resolveOver()
  }
}

function headersOf(headers: Headers): ResponseHeaders {
  const cookies = headers.getSetCookie()
  return { ...Object.fromEntries(headers), ...(cookies.length > 0 && { 'set-cookie': cookies }) }
}
