import type { IncomingHttpHeaders } from 'node:http'
import { type ClientHttp2Session, type ClientHttp2Stream, constants, type OutgoingHttpHeaders } from 'node:http2'
import type { KubeRequest } from '../spec/request.ts'
import { encodeTarget } from './encode-target.ts'
import type { ExchangeControl, ExchangeHandler } from './exchange-handler.ts'
import { acceptingGzip } from './inflate.ts'
import { headLimit } from './response-limits.ts'
import { codedError } from './transport-error.ts'

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants
/** The number of the HEADERS frame. */
const headersFrame = 1

/** A request that waits for a stream, or runs on one. */
export interface Http2Job {
  readonly request: KubeRequest
  readonly handler: ExchangeHandler
  /** How often it was refused without having been looked at. */
  refusals: number
}

export interface Http2ExchangeOptions {
  readonly server: URL
  /** Milliseconds without a byte after which it fails: until the head of a stream, and until the end of anything else. */
  readonly responseMs: number
  /** The stream is free. */
  readonly onClose: () => void
  /** The server has not looked at the request: it may go over another connection, whatever its method. */
  readonly onRefused: () => void
}

/** One request on a stream of its own. */
export class Http2Exchange implements ExchangeControl {
  readonly #stream: ClientHttp2Stream
  readonly #options: Http2ExchangeOptions
  readonly #request: KubeRequest
  #handler: ExchangeHandler | null
  #answered = false
  /** Bytes that the head has promised and that have not come. */
  #missing = 0

  constructor(session: ClientHttp2Session, { request, handler }: Http2Job, options: Http2ExchangeOptions) {
    this.#handler = handler
    this.#options = options
    this.#request = request
    this.#stream = session.request(headersOf(options.server, request), { endStream: request.body === undefined })
  }

  begin(): void {
    const stream = this.#stream
    const { body } = this.#request
    const silenceMs = headLimit(this.#request, this.#options.responseMs)
    stream.setTimeout(silenceMs, () => this.abort(codedError('RESPONSE_TIMEOUT', 'no response in time')))
    stream.on('response', ({ ':status': status = 0, ...headers }) => this.#onHead(status, headers))
    stream.on('headers', ({ ':status': status = 0, ...headers }) =>
      this.#handler?.onResponseStart(this, status, headers),
    )
    stream.on('data', (chunk: Buffer) => {
      this.#missing -= chunk.length
      this.#handler?.onResponseData(this, chunk)
    })
    stream.on('end', () => this.#end())
    stream.on('error', (error) => this.#fail(error))
    stream.on('frameError', (type) => this.#unsent(type))
    stream.on('close', () => {
      this.#fail(cutOff(stream))
      this.#options.onClose()
    })
    this.#handler?.onRequestStart(this)
    if (body !== undefined && !stream.destroyed) stream.end(body)
  }

  get paused(): boolean {
    return this.#stream.isPaused()
  }

  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  abort(reason: Error): void {
    const handler = this.#release()
    this.#stream.close(NGHTTP2_CANCEL)
    this.#stream.destroy() // or it would wait until somebody has read what has arrived
    handler?.onResponseError(this, reason)
  }

  #onHead(status: number, headers: IncomingHttpHeaders): void {
    const { kind, method } = this.#request
    this.#answered = true
    if (method !== 'HEAD' && status !== 304) this.#missing = Number(headers['content-length'] ?? 0)
    if (kind === 'stream') this.#stream.setTimeout(0) // from now on it may be silent
    this.#handler?.onResponseStart(this, status, headers)
  }

  /**
   * Node ends a stream that was reset like one that is complete; `close` follows, and reports it. Of a reset by NO_ERROR, which
   * nobody should send before the end, it tells nothing: only a length that was promised shows that something is missing.
   */
  #end(): void {
    if (!this.#answered || this.#stream.rstCode !== NGHTTP2_NO_ERROR) return
    if (this.#missing > 0) this.#fail(cutOff(this.#stream))
    else this.#release()?.onResponseEnd()
  }

  #fail(error: Error): void {
    const handler = this.#release()
    if (handler === null) return
    const { rstCode } = this.#stream
    if (rstCode === NGHTTP2_REFUSED_STREAM && !this.#answered) this.#options.onRefused()
    else handler.onResponseError(this, isReset(error) ? cutOff(this.#stream) : error)
  }

  /** The connection was told to begin no more streams while this one waited to be written. */
  #unsent(frame: number): void {
    if (frame !== headersFrame || this.#release() === null) return
    this.#stream.close(NGHTTP2_CANCEL)
    this.#stream.destroy()
    this.#options.onRefused()
  }

  /** From now on the handler hears nothing more. */
  #release(): ExchangeHandler | null {
    const handler = this.#handler
    this.#handler = null
    return handler
  }
}

function headersOf({ protocol, host }: URL, request: KubeRequest): OutgoingHttpHeaders {
  const { method, body } = request
  return {
    ':method': method,
    ':scheme': protocol.slice(0, -1),
    ':authority': host,
    ':path': encodeTarget(request),
    ...(acceptingGzip(request) as OutgoingHttpHeaders), // Node reads them; its type lacks `readonly`
    ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
  }
}

function isReset(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_HTTP2_STREAM_ERROR'
}

function cutOff({ rstCode }: ClientHttp2Stream): Error {
  return codedError('HTTP2_RESET', `the response was cut off before it was complete (HTTP/2 error code ${rstCode})`)
}
