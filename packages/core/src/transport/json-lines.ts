import { ProtocolError } from '../spec/errors.ts'

/** A longer line is refused: no object of etcd's comes near it. */
const maxLineBytes = 64 << 20

/**
 * Splits bytes at newlines, whatever the chunks look like. Linear for any chunking: the bytes of an unfinished line are
 * copied once into a buffer that doubles, so that neither chunk is retained nor line concatenated again and again.
 */
export class LineDecoder {
  #carry = Buffer.alloc(0)
  #length = 0
  readonly #onLine: (line: string) => void

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  /** Whether a line has begun that is not complete. */
  get pending(): boolean {
    return this.#length > 0
  }

  push(bytes: Uint8Array): void {
    const chunk = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let start = 0
    let end = chunk.indexOf(newline)
    if (end >= 0 && this.#length > 0) {
      this.#keep(chunk, 0, end)
      this.#flush()
      start = end + 1
      end = chunk.indexOf(newline, start)
    }
    for (; end >= 0; start = end + 1, end = chunk.indexOf(newline, start)) this.#line(chunk, start, end)
    if (start < chunk.length) this.#keep(chunk, start, chunk.length)
  }

  #flush(): void {
    const line = this.#carry
    const length = this.#length
    this.#length = 0
    if (line.length > 1 << 20) this.#carry = Buffer.alloc(0) // the buffer of a giant line is not kept
    this.#line(line, 0, length)
  }

  #line(buffer: Buffer, start: number, end: number): void {
    if (end > start) this.#onLine(buffer.toString('utf8', start, end))
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const length = this.#length + end - start
    if (length > maxLineBytes) throw new ProtocolError('a line of the stream is longer than 64 MiB')
    if (length > this.#carry.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(8192, 2 * length))
      this.#carry.copy(larger, 0, 0, this.#length)
      this.#carry = larger
    }
    chunk.copy(this.#carry, this.#length, start, end)
    this.#length = length
  }
}

const newline = 0x0a
