/** Milliseconds. Balancers cut what is silent for a minute or more. */
const pingEveryMs = 30_000
/** Milliseconds without a word from the server, after which it is gone. */
const deadlineMs = 90_000

export interface HeartbeatOptions {
  readonly ping: () => void
  /** Called once, when nothing has come for 90 s. */
  readonly dead: () => void
  /** A server that is not read from does not answer: no verdict while our own bytes wait. */
  readonly isBlocked: () => boolean
  /** @defaultValue Date.now */
  readonly now?: (() => number) | undefined
}

/** Keeps a connection from being forgotten, and notices one that was. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #now: () => number
  readonly #timer: ReturnType<typeof setInterval>
  #heardAt: number

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#heardAt = this.#now()
    this.#timer = setInterval(() => this.beat(), pingEveryMs)
  }

  /** Anything came. */
  heard(): void {
    this.#heardAt = this.#now()
  }

  beat(): void {
    if (this.#options.isBlocked()) this.heard()
    if (this.#now() - this.#heardAt < deadlineMs) return this.#options.ping()
    this.stop()
    this.#options.dead()
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
