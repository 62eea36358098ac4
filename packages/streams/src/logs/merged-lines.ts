/** A value that waits to be taken. */
interface Offer<T> {
  readonly value: T
  readonly taken: () => void
}

/** Many sources, one reader: each source waits until its value has been taken, so that none fills memory. */
export class Merged<T> {
  readonly #offers: Offer<T>[] = []
  #failure: { readonly error: unknown } | undefined
  #wake: (() => void) | undefined

  /** Resolves when the value has been taken. */
  push(value: T): Promise<void> {
    return new Promise((resolve) => {
      this.#offers.push({ value, taken: resolve })
      this.#wake?.()
    })
  }

  /** Ends {@link values} with an error. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    this.#wake?.()
  }

  async *values(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error
      const offer = this.#offers.shift()
      if (offer === undefined) await new Promise<void>((resolve) => (this.#wake = resolve))
      else {
        offer.taken()
        yield offer.value
      }
    }
  }
}
