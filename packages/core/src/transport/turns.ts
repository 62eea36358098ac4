/** Lets so many run at a time; the others wait for their turn, in order. */
export class Turns {
  #free: number
  readonly #waiting: (() => Promise<void>)[] = []

  constructor(limit: number) {
    this.#free = limit
  }

  /** Runs `work` when it is its turn, which ends when its promise resolves. */
  take(work: () => Promise<void>): void {
    this.#waiting.push(work)
    void this.#next()
  }

  async #next(): Promise<void> {
    const work = this.#free > 0 ? this.#waiting.shift() : undefined
    if (work === undefined) return
    this.#free -= 1
    await work()
    this.#free += 1
    void this.#next()
  }
}
