/** Waits for work, or rejects with the reason of the signal as soon as that aborts; the work is then nobody's. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  const unlink = onceAborted(signal, onAbort)
  work.catch(() => undefined) // whoever has left is not told
  try {
    return await Promise.race([aborted, work])
  } finally {
    unlink()
  }
}

/** Calls back when the signal aborts, or has; the result ends that. */
export function onceAborted(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal?.aborted === true) listener()
  else signal?.addEventListener('abort', listener, { once: true })
  return () => signal?.removeEventListener('abort', listener)
}
