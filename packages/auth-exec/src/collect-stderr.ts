/** Characters that are passed on; a command that says more is broken. */
const maxShown = 64 * 1024
/** Characters that a secret has at the most. */
const maxSecret = 64 * 1024
/** Characters that are kept for an error, at least. */
const maxKept = 2 * maxSecret

export interface StderrCollector {
  readonly add: (chunk: Uint8Array) => void
  /** The end of what was said, and whether there was more before it. */
  readonly last: () => LastWords
}

export interface LastWords {
  readonly text: string
  readonly isCut: boolean
}

/** Passes on what a command says, as it comes, and remembers the end of it. */
export function collectStderr(onStderr: (text: string) => void): StderrCollector {
  const decoder = new TextDecoder()
  let shown = 0
  let said = 0
  let kept = ''
  return {
    add(chunk) {
      const text = decoder.decode(chunk, { stream: true })
      said += text.length
      kept += text
      if (kept.length > 2 * maxKept) kept = kept.slice(-maxKept)
      const part = text.slice(0, maxShown - shown)
      shown += part.length
      if (part !== '') onStderr(part)
    },
    last: () => ({ text: kept, isCut: said > kept.length }),
  }
}

/** Without secrets. Where the beginning was cut off may be half of one, which no mask finds: nothing is said of that part. */
export function maskLastWords({ text, isCut }: LastWords, mask: (text: string) => string): string {
  return isCut ? mask(text).slice(maxSecret) : mask(text)
}
