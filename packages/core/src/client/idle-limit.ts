import { Deadline, maxTimerMs } from '../transport/deadline.ts'

export interface IdleLimitOptions {
  /** The caller's. */
  readonly signal: AbortSignal
  /** Milliseconds; longer than a timer can be: no limit. */
  readonly limitMs: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The error of a connection that was silent. */
  readonly silent: () => unknown
}

/**
 * Aborts a connection on which nothing comes for too long. Time in which nobody waits does not count: a paused connection is
 * silent because its reader is busy. One timer that is set again for what is left of the time, as one for each chunk would
 * cost more.
 */
export class IdleLimit {
  /** The caller's, or the end by silence. */
  readonly signal: AbortSignal
  readonly #deadline: Deadline
  readonly #options: IdleLimitOptions
  #waitingSince: number | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: IdleLimitOptions) {
    this.#options = options
    this.#deadline = new Deadline(options.signal, Number.POSITIVE_INFINITY, options.silent)
    this.signal = this.#deadline.signal
  }

  async during<T>(wait: Promise<T>): Promise<T> {
    const { now, limitMs } = this.#options
    this.#waitingSince = now()
    if (this.#timer === undefined) this.#check(limitMs)
    try {
      return await wait
    } finally {
      this.#waitingSince = undefined
    }
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#deadline.end()
  }

  #check(afterMs: number): void {
    if (afterMs <= maxTimerMs) this.#timer = setTimeout(() => this.#onTimer(), afterMs)
  }

  #onTimer(): void {
    this.#timer = undefined
    if (this.#waitingSince === undefined) return
    const { now, limitMs, silent } = this.#options
    this.#waitingSince = Math.min(this.#waitingSince, now()) // the clock may have been set back
    const leftMs = limitMs - (now() - this.#waitingSince)
    if (leftMs <= 0) this.#deadline.abort(silent())
    else this.#check(leftMs)
  }
}
