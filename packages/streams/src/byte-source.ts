/** Bytes to send: text, bytes, a web stream, a Node Readable, a generator. */
export type ByteSource = string | Uint8Array | AsyncIterable<Uint8Array | string>

/** A source that is being read, and can be let go of while a `next()` waits. */
export interface OpenSource<T> {
  next(): Promise<IteratorResult<T, unknown>>
  /** Nothing more is wanted: a stream is cancelled or destroyed, whatever it waits for. */
  cancel(): void
}

const encoder = new TextEncoder()

/** Reads a source in pieces of at most so many bytes. */
export function openPieces(source: ByteSource, maxBytes: number): OpenSource<Uint8Array> {
  const open = openSource(typeof source === 'string' || source instanceof Uint8Array ? single(source) : source)
  const parts = pieces({ [Symbol.asyncIterator]: () => ({ next: () => open.next() as NextPart }) }, maxBytes)
  return { next: () => parts.next(), cancel: () => open.cancel() }
}

/** What a part of a source is, as `for await` takes it. */
type NextPart = Promise<IteratorResult<Uint8Array | string, undefined>>

/**
 * Reads any source. A generator answers `return()` only when the `next()` before has been, and for a terminal that may be
 * never: streams are therefore told in their own words.
 */
export function openSource<T>(source: AsyncIterable<T>): OpenSource<T> {
  if (isWebStream<T>(source)) {
    const reader = source.getReader()
    return { next: () => reader.read(), cancel: () => void reader.cancel().catch(() => undefined) }
  }
  const iterator = source[Symbol.asyncIterator]()
  const cancel = (): void => {
    if ('destroy' in source && typeof source.destroy === 'function') source.destroy()
    void iterator.return?.().catch(() => undefined)
  }
  return { next: () => iterator.next(), cancel }
}

function isWebStream<T>(source: AsyncIterable<T>): source is ReadableStream<T> {
  return 'getReader' in source && typeof source.getReader === 'function'
}

async function* single<T>(value: T): AsyncGenerator<T, void, undefined> {
  yield value
}

/** Cuts what is long; nothing is never a piece. */
async function* pieces(
  parts: AsyncIterable<Uint8Array | string>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const part of parts) {
    const bytes = typeof part === 'string' ? encoder.encode(part) : part
    for (let start = 0; start < bytes.length; start += maxBytes) yield bytes.subarray(start, start + maxBytes)
  }
}
