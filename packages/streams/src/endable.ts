/** Starts a source that ends when the signal aborts. */
type Start<T> = (signal: AbortSignal) => AsyncGenerator<T, void, undefined>

/**
 * An iterator whose `return()` ends it even while a `next()` waits. That of a generator would wait for the generator.
 * Nothing starts before the first `next()`.
 */
export function endable<T>(
  start: Start<T>,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<T, void, undefined> {
  const stop = new AbortController()
  const inner = start(signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]))
  const end: IteratorResult<T, void> = { done: true, value: undefined }
  return {
    async next() {
      try {
        return await inner.next()
      } catch (error) {
        if (stop.signal.aborted) return end
        throw error
      }
    },
    async return() {
      stop.abort()
      await inner.return().catch(() => undefined)
      return end
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
