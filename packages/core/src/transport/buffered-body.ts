/** Bytes of the longest string that V8 makes: a longer body could not be parsed anyway. */
export const maxBodyBytes = 0x1fff_ffe8

/** A body that has arrived whole. Gives its chunks up when it is read, so that none is retained while JSON is parsed. */
export class BufferedBody implements AsyncIterable<Uint8Array> {
  #chunks: readonly Buffer[]

  constructor(chunks: readonly Buffer[]) {
    this.#chunks = chunks
  }

  /** @throws {@link RangeError} longer than a string can be. */
  text(): string {
    const { buffer } = this
    return buffer.toString()
  }

  get buffer(): Buffer {
    const chunks = this.#chunks
    this.#chunks = []
    const [only] = chunks
    return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const chunks = this.#chunks
    this.#chunks = []
    yield* chunks
  }
}
