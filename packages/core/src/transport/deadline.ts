import type { KubeResponse } from '../spec/request.ts'

/** Of a timer, in milliseconds, almost 25 days: a longer one would be taken for one of 1 ms. */
export const maxTimerMs: number = 2 ** 31 - 1

/**
 * One signal out of the caller's and a time limit. An object with `handleEvent` and a timer with an argument: no closure, no
 * `AbortSignal.any`, which cost several times as much.
 */
export class Deadline {
  readonly signal: AbortSignal
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #timer: ReturnType<typeof setTimeout> | undefined

  /** `late` makes the reason when the time is up. Call {@link Deadline.end} when the work is done. */
  constructor(outer: AbortSignal | undefined, limitMs: number, late: () => unknown) {
    this.signal = this.#controller.signal
    this.#outer = outer
    if (outer?.aborted === true) this.#controller.abort(outer.reason)
    outer?.addEventListener('abort', this)
    this.#timer = limitMs > maxTimerMs ? undefined : setTimeout(expire, limitMs, this.#controller, late)
  }

  handleEvent(): void {
    this.#controller.abort(this.#outer?.reason)
  }

  /** Ends the work before its time. */
  abort(reason: unknown): void {
    this.#controller.abort(reason)
  }

  end(): void {
    this.#outer?.removeEventListener('abort', this)
    clearTimeout(this.#timer)
  }
}

function expire(controller: AbortController, late: () => unknown): void {
  controller.abort(late())
}

/** The same response, whose deadline counts until its body has been read, or given up. */
export function withDeadline(response: KubeResponse, deadline: Deadline): KubeResponse {
  const cancel = (): void => {
    deadline.end()
    response.cancel()
  }
  return { ...response, body: { [Symbol.asyncIterator]: () => new TimedBody(response, deadline) }, cancel }
}

/** No generator: that would queue `return()` behind a `next()` that waits, and keep the connection. */
class TimedBody implements AsyncIterator<Uint8Array, void, undefined> {
  readonly #chunks: AsyncIterator<Uint8Array, unknown, undefined>
  readonly #response: KubeResponse
  readonly #deadline: Deadline

  constructor(response: KubeResponse, deadline: Deadline) {
    this.#chunks = response.body[Symbol.asyncIterator]()
    this.#response = response
    this.#deadline = deadline
  }

  async next(): Promise<IteratorResult<Uint8Array, void>> {
    try {
      const next = await this.#chunks.next()
      if (next.done !== true) return next
    } catch (error) {
      this.#deadline.end()
      throw error
    }
    this.#deadline.end()
    return { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<Uint8Array, void>> {
    this.#deadline.end()
    this.#response.cancel()
    this.#chunks.return?.().catch(() => undefined) // not waited for: it may end with the connection only
    return { done: true, value: undefined }
  }
}
