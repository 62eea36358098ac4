/** Where time and chance come from. */
export interface Effects {
  /** Milliseconds, from any point in time. */
  readonly now: () => number
  /** Milliseconds since the epoch, for people. */
  readonly date: () => number
  /** From 0 to below 1. */
  readonly random: () => number
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** How long a watch may be silent, in milliseconds. @defaultValue that of `watch` */
  readonly idleTimeoutMs?: number
}

export const realEffects: Effects = {
  now: () => performance.now(),
  date: () => Date.now(),
  random: () => Math.random(),
  sleep,
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onAbort = (): void => reject(signal.reason)
  const timer = setTimeout(resolve, ms)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
