/** Counts the listeners that a signal is given, and those that are taken back. */
export function countListeners(signal: AbortSignal): { added: () => number; removed: () => number } {
  const listeners = new Set<unknown>()
  let [added, removed] = [0, 0]
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
  signal.addEventListener = (type: string, listener: never, options?: never) => {
    added += 1
    listeners.add(listener)
    add(type, listener, options)
  }
  signal.removeEventListener = (type: string, listener: never, options?: never) => {
    if (listeners.delete(listener)) removed += 1
    remove(type, listener, options)
  }
  return { added: () => added, removed: () => removed }
}
