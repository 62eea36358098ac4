/** Characters that are passed on; a command that says more is broken. */
const maxShown = 64 * 1024
/** Characters that are kept for an error. */
const maxKept = 8 * 1024

export interface StderrCollector {
  readonly add: (chunk: Uint8Array) => void
  /** The end of what was said. */
  readonly last: () => string
}

/** Passes on what a command says, as it comes, and remembers the end of it. */
export function collectStderr(onStderr: (text: string) => void): StderrCollector {
  const decoder = new TextDecoder()
  let shown = 0
  let kept = ''
  return {
    add(chunk) {
      const text = decoder.decode(chunk, { stream: true })
      kept = (kept + text).slice(-maxKept)
      const part = text.slice(0, maxShown - shown)
      shown += part.length
      if (part !== '') onStderr(part)
    },
    last: () => kept,
  }
}
