/** Milliseconds. Balancers cut what is silent for a minute or more. */
const pingEveryMs = 30_000
/** Milliseconds without a word from the server, after which it is gone. */
const deadlineMs = 90_000

export interface HeartbeatOptions {
  readonly ping: () => void
  /** Called once, when nothing has come for 90 s. */
  readonly dead: () => void
  /** Our own bytes wait: a server that does not read does not answer either, and a ping would only wait too. */
  readonly isSending: () => boolean
  /** Somebody waits for bytes from the server: what nobody reads cannot be heard. */
  readonly isListening: () => boolean
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
    const { isSending, isListening, ping, dead } = this.#options
    if (isSending() || !isListening()) this.heard()
    if (this.#now() - this.#heardAt >= deadlineMs) {
      this.stop()
      return dead()
    }
    if (!isSending()) ping()
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
