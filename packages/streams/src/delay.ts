import { abortable } from './abortable.ts'

/** Waits so many milliseconds, or rejects with the reason of the signal. */
export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  try {
    await abortable(promise, signal)
  } finally {
    clearTimeout(timer)
  }
}
