import { TransportError } from '../spec/errors.ts'
import type { Handler } from '../spec/middleware.ts'
import type { KubeRequest, KubeResponse, RequestSummary } from '../spec/request.ts'
import type { CallOptions } from '../request/options.ts'
import { Deadline, withDeadline } from '../transport/deadline.ts'
import { readJson, type ReadContext, throwUnlessOk } from '../transport/read-response.ts'
import { requestSummary } from '../transport/request-summary.ts'

export interface SessionOptions {
  readonly server: URL
  /** The whole pipeline, from the user's middleware to the transport. */
  readonly send: Handler
  /** Values that no error may quote. */
  readonly secrets: () => readonly string[]
  readonly close: (reason: Error) => Promise<void>
}

/** Makes the request of a call. May wait for discovery, until `signal` says otherwise. */
export type BuildRequest = (signal: AbortSignal | undefined) => KubeRequest | Promise<KubeRequest>

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

  /** The JSON of a successful response. The type is what the API promises for the request. */
  json<T>(build: BuildRequest, options: CallOptions): Promise<T> {
    return this.call(build, options, (response, context) => readJson<T>(response, context))
  }

  /** Sends one request and reads its answer, all within the caller's time. @throws {@link ApiError} unless it succeeded. */
  async call<T>(
    build: BuildRequest,
    { signal, timeoutMs }: CallOptions,
    read: (response: KubeResponse, context: ReadContext) => T | Promise<T>,
  ): Promise<T> {
    if (timeoutMs === undefined) return this.#exchange(await build(signal), signal, read)
    let sent: KubeRequest | undefined
    let streams = false
    const deadline = new Deadline(signal, timeoutMs, () => late(timeoutMs, sent, this.server))
    try {
      sent = await build(deadline.signal)
      return await this.#exchange(sent, deadline.signal, (response, context) => {
        streams = sent?.kind === 'stream'
        return read(streams ? withDeadline(response, deadline) : response, context)
      })
    } finally {
      if (!streams) deadline.end() // else with the body: the signal and the time count until then
    }
  }

  #context(request: KubeRequest): ReadContext {
    const { secrets } = this.#options
    return {
      request: requestSummary(this.server, request),
      // Asked when something is quoted: the credentials may be newer than the request.
      get secrets() {
        return secrets()
      },
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#options.close(this.#closed)
    return this.#closing
  }

  async #exchange<T>(
    request: KubeRequest,
    signal: AbortSignal | undefined,
    read: (response: KubeResponse, context: ReadContext) => T | Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted()
    const context = this.#context(request)
    if (this.#closing !== undefined) throw new TransportError('the client is closed', context)
    const response = await this.#send(signal === undefined ? request : { ...request, signal }, context)
    await throwUnlessOk(response, context)
    return read(response, context)
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
}

function late(timeoutMs: number, sent: KubeRequest | undefined, server: URL): TransportError {
  const request: RequestSummary =
    sent === undefined ? { method: 'GET', url: `${server.href} (discovery)` } : requestSummary(server, sent)
  const maybeApplied = sent !== undefined && sent.method !== 'GET' && sent.method !== 'HEAD'
  const hint = maybeApplied ? ' (the write may have been applied: read before you repeat it)' : ''
  return new TransportError(`not done within ${timeoutMs} ms (\`timeoutMs\`)${hint}`, { request, maybeApplied })
}
