import { onceAborted } from './abortable.ts'

/** Starts a source that ends when the signal aborts. */
type Start<T> = (signal: AbortSignal) => AsyncGenerator<T, void, undefined>

/**
 * An iterator that ends at once, also while a `next()` waits: by `return()`, and with the reason of the signal. That of a generator
 * would wait for the generator, and a source would first hand out what it has. Nothing starts before the first `next()`.
 */
export function endable<T>(
  start: Start<T>,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<T, void, undefined> {
  const stop = new AbortController()
  const inner = start(stop.signal)
  const end: IteratorResult<T, void> = { done: true, value: undefined }
  let unlink: (() => void) | undefined
  let isLeft = false
  const step = async (): Promise<IteratorResult<T, void>> => {
    try {
      const result = await inner.next()
      if (!isLeft) signal?.throwIfAborted()
      return isLeft ? end : result
    } catch (error) {
      if (isLeft) return end
      throw error
    }
  }
  return {
    async next() {
      if (isLeft) return end
      unlink ??= onceAborted(signal, () => stop.abort(signal?.reason))
      const result = await step().catch((error: unknown) => {
        isLeft = true
        unlink?.()
        stop.abort() // also what it has started beside
        throw error
      })
      if (result.done === true) unlink()
      return result
    },
    async return() {
      isLeft = true
      unlink?.()
      stop.abort()
      await inner.return().catch(() => undefined)
      return end
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
