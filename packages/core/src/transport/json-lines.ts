const newline = 0x0a

/**
 * Splits bytes at newlines, whatever the chunks look like. Linear for any chunking: the bytes of an unfinished line are
 * copied once into a buffer that doubles, so that neither chunk is retained nor line concatenated again and again.
 */
export class LineDecoder {
  #carry = new Uint8Array(0)
  #length = 0
  readonly #onLine: (line: string) => void
  readonly #maxBytes: number
  readonly #tooLong: () => Error

  /** `tooLong` makes the error for a line of more than `maxBytes`. */
  constructor(onLine: (line: string) => void, maxBytes: number, tooLong: () => Error) {
    this.#onLine = onLine
    this.#maxBytes = maxBytes
    this.#tooLong = tooLong
  }

  /** Whether a line has begun that is not complete. */
  get pending(): boolean {
    return this.#length > 0
  }

  push(chunk: Uint8Array): void {
    const last = chunk.lastIndexOf(newline)
    let start = 0
    if (last >= 0 && this.#length > 0) {
      start = chunk.indexOf(newline)
      this.#keep(chunk.subarray(0, start))
      this.#flush()
    }
    if (start < last) this.#wholeLines(chunk.subarray(start, last))
    if (last + 1 < chunk.length) this.#keep(chunk.subarray(last + 1))
  }

  /** Those that no chunk has cut are measured only where one of them can be too long. */
  #wholeLines(bytes: Uint8Array): void {
    let start = 0
    for (let end = 0; bytes.length - start > this.#maxBytes; start = end + 1) {
      const next = bytes.indexOf(newline, start)
      end = next < 0 ? bytes.length : next
      if (end - start > this.#maxBytes) throw this.#tooLong()
      this.#lines(bytes.subarray(start, end))
    }
    this.#lines(bytes.subarray(start))
  }

  #flush(): void {
    const line = this.#carry.subarray(0, this.#length)
    this.#length = 0
    if (line.length > 1 << 20) this.#carry = new Uint8Array(0) // the buffer of a giant line is not kept
    this.#lines(line)
  }

  /** Whole lines, decoded at once: newlines stand between characters, and a call for each line would cost more. */
  #lines(bytes: Uint8Array): void {
    for (const line of utf8.decode(bytes).split('\n')) {
      if (line !== '' && line !== '\r') this.#onLine(line)
    }
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > this.#maxBytes) throw this.#tooLong()
    if (length > this.#carry.length) {
      const larger = new Uint8Array(Math.max(8192, 2 * length))
      larger.set(this.#carry.subarray(0, this.#length))
      this.#carry = larger
    }
    this.#carry.set(bytes, this.#length)
    this.#length = length
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
