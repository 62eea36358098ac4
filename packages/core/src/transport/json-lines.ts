import { ProtocolError } from '../spec/errors.ts'

/** A longer line is refused: no object of etcd's comes near it. */
const maxLineBytes = 64 << 20
const newline = 0x0a

/**
 * Splits bytes at newlines, whatever the chunks look like. Linear for any chunking: the bytes of an unfinished line are
 * copied once into a buffer that doubles, so that neither chunk is retained nor line concatenated again and again.
 */
export class LineDecoder {
  #carry = new Uint8Array(0)
  #length = 0
  readonly #onLine: (line: string) => void

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
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
    if (start < last) this.#lines(chunk.subarray(start, last))
    if (last + 1 < chunk.length) this.#keep(chunk.subarray(last + 1))
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
      if (line !== '') this.#onLine(line)
    }
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > maxLineBytes) throw new ProtocolError('a line of the stream is longer than 64 MiB')
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
