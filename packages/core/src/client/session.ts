import { ProtocolError, TransportError } from '../spec/errors.ts'
import type { Handler } from '../spec/middleware.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import { checkCallOptions } from '../request/check-call-options.ts'
import type { CallOptions } from '../request/options.ts'
import { Deadline, withDeadline } from '../transport/deadline.ts'
import { readJson, type ReadContext, throwUnlessOk } from '../transport/read-response.ts'
import { requestSummary } from '../transport/request-summary.ts'
import type { RetryLayerEffects } from '../transport/retry.ts'
import { SentSecrets, track } from '../transport/sent-secrets.ts'
import { type WritesUnderWay, writes } from '../transport/writes-under-way.ts'

export interface SessionOptions {
  readonly server: URL
  /** The whole pipeline, from the user's middleware to the transport. */
  readonly send: Handler
  /** Values that no error may quote, of a request that cannot say itself what it was sent with. */
  readonly secrets: () => readonly string[]
  readonly underWay: WritesUnderWay
  /** Of the runtime; `sleep` rejects when the client is closed. */
  readonly effects: RetryLayerEffects
  readonly close: (reason: Error) => Promise<void>
}

/** Makes the request of a call. May wait for discovery, until `signal` says otherwise. */
export type BuildRequest = (signal: AbortSignal | undefined) => KubeRequest | Promise<KubeRequest>

/** Asked after a failure: whether the request would be built otherwise now, and is worth another go. */
export type Moved = (error: unknown, signal: AbortSignal | undefined) => Promise<boolean>

/** A call, and how far it has come. */
interface Call<T> {
  readonly build: BuildRequest
  readonly read: (response: KubeResponse, context: ReadContext) => T | Promise<T>
  readonly moved: Moved | undefined
  deadline: Deadline | undefined
  request: KubeRequest | undefined
  /** Successfully: what is missing is the body. */
  answered: boolean
}

/** What all clients that `with()` derives from one share: the pipeline, and its end. */
export class Session {
  readonly server: URL
  readonly #options: SessionOptions
  /** What everything that waits inside is ended with. */
  readonly #closed = new Error('the client was closed')
  #closing: Promise<void> | undefined

  constructor(options: SessionOptions) {
    this.server = options.server
    this.#options = options
  }

  get effects(): RetryLayerEffects {
    return this.#options.effects
  }

  /** From the first call of {@link Session.close} on. */
  get closed(): boolean {
    return this.#closing !== undefined
  }

  /** The object of a successful response. The type is what the API promises for the request. */
  json<T>(build: BuildRequest, options: CallOptions, moved?: Moved): Promise<T> {
    return this.call(build, options, (response, context) => readObject<T>(response, context), moved)
  }

  /** Sends one request and reads its answer, all within the caller's time. @throws {@link ApiError} unless it succeeded. */
  async call<T>(
    build: BuildRequest,
    options: CallOptions,
    read: (response: KubeResponse, context: ReadContext) => T | Promise<T>,
    moved?: Moved,
  ): Promise<T> {
    checkCallOptions(options)
    const { signal, timeoutMs } = options
    const call: Call<T> = { build, read, moved, deadline: undefined, request: undefined, answered: false }
    if (timeoutMs === undefined) return this.#run(call, signal)
    const deadline: Deadline = new Deadline(signal, timeoutMs, () => this.#late(call, timeoutMs, deadline.signal))
    call.deadline = deadline
    try {
      return await this.#run(call, deadline.signal)
    } finally {
      if (!streams(call)) deadline.end() // else with the body: the signal and the time count until then
    }
  }

  #context(request: KubeRequest, sent: SentSecrets): ReadContext {
    const { secrets } = this.#options
    return {
      request: requestSummary(this.server, request),
      // Asked when something is quoted: before, it is not known.
      get secrets() {
        return sent.read() ?? secrets()
      },
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#options.close(this.#closed)
    return this.#closing
  }

  async #run<T>(call: Call<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await this.#attempt(call, signal)
    } catch (error) {
      if (call.moved === undefined || !(await call.moved(error, signal))) throw error
      return this.#attempt(call, signal)
    }
  }

  async #attempt<T>(call: Call<T>, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted()
    const request = await call.build(signal)
    call.request = request
    signal?.throwIfAborted()
    const sent = new SentSecrets()
    const context = this.#context(request, sent)
    if (this.#closing !== undefined)
      throw new TransportError('the client is closed', { ...context, clientClosed: true })
    const response = await this.#send(track(signal === undefined ? request : { ...request, signal }, sent), context)
    await throwUnlessOk(response, context)
    call.answered = true
    return call.read(call.deadline && streams(call) ? withDeadline(response, call.deadline) : response, context)
  }

  async #send(request: KubeRequest, context: ReadContext): Promise<KubeResponse> {
    try {
      return await this.#options.send(request)
    } catch (error) {
      // It waited for credentials, a CA or its next attempt, so nothing was under way.
      if (error === this.#closed) throw new TransportError(this.#closed.message, context, { cause: error })
      throw error
    }
  }

  /** What a call is ended with whose time is up. */
  #late({ request, answered }: Call<unknown>, timeoutMs: number, signal: AbortSignal): TransportError {
    const answeredWrite = answered && request !== undefined && writes(request)
    const maybeApplied = answeredWrite || this.#options.underWay.has(signal)
    const path = `${this.server.pathname.replace(/\/+$/, '')}/apis`
    const going = request ?? { method: 'GET', path }
    return new TransportError(
      `${request === undefined ? 'discovery was ' : ''}not done within ${timeoutMs} ms (\`timeoutMs\`)${maybeApplied ? hint : ''}`,
      { request: requestSummary(this.server, going), maybeApplied },
    )
  }
}

const hint = ' (the write may have been applied: read before you repeat it)'

/** Whether a response is on its way to the caller whose body is read as it comes. */
function streams({ request, answered }: Call<unknown>): boolean {
  return answered && request?.kind === 'stream'
}

/** @throws {@link ProtocolError} for JSON that is no object: whoever reads a field of it would fail at a place that says nothing */
export async function readObject<T>(response: KubeResponse, context: ReadContext): Promise<T> {
  const value = await readJson<unknown>(response, context)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as T // what the API promises
  const { method, url } = context.request
  throw new ProtocolError(`${method} ${url}: an object was expected, and JSON of another shape came`)
}
