import { InvalidRequestError } from '@kubeclient/core/spec'

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
  const open = openSource(typeof source === 'string' || isBytes(source) ? single(source) : source)
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
  const leave = async (): Promise<void> => {
    if ('destroy' in source && typeof source.destroy === 'function') source.destroy()
    await iterator.return?.()
  }
  return { next: async () => iterator.next(), cancel: () => void leave().catch(() => undefined) }
}

/** @throws {@link InvalidRequestError} for what cannot be read, before anybody waits for it */
export function checkSource(source: unknown, name: string): void {
  if (typeof source === 'string' || isBytes(source)) return
  if (typeof source !== 'object' || source === null || !(Symbol.asyncIterator in source))
    throw new InvalidRequestError(`\`${name}\` cannot be read: give what \`for await\` takes`)
  if ('locked' in source && source.locked === true)
    throw new InvalidRequestError(`\`${name}\` is a stream that somebody else reads: it is locked`)
}

/** Also of another realm, where `instanceof` would not know it. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]'
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
    if (!isBytes(bytes)) throw new InvalidRequestError('stdin gave something that is neither text nor a Uint8Array')
    for (let start = 0; start < bytes.length; start += maxBytes) yield bytes.subarray(start, start + maxBytes)
  }
}
