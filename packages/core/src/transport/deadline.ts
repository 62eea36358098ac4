import type { KubeResponse } from '../spec/request.ts'

/** Of a timer, in milliseconds, almost 25 days: a longer one would be taken for one of 1 ms. */
const maxTimerMs = 2 ** 31 - 1

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
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* response.body
    } finally {
      deadline.end()
    }
  }
  return {
    ...response,
    body: body(),
    cancel() {
      deadline.end()
      response.cancel()
    },
  }
}
