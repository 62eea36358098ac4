/** Bytes to send: text, bytes, a web stream, a Node Readable, a generator. */
export type ByteSource = string | Uint8Array | AsyncIterable<Uint8Array | string>

const encoder = new TextEncoder()

/** A source in pieces of at most so many bytes. */
export async function* pieces(source: ByteSource, maxBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  const parts = typeof source === 'string' || source instanceof Uint8Array ? [source] : source
  for await (const part of parts) {
    const bytes = typeof part === 'string' ? encoder.encode(part) : part
    for (let start = 0; start < bytes.length; start += maxBytes) yield bytes.subarray(start, start + maxBytes)
  }
}
