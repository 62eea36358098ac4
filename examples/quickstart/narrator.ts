/** Prints numbered steps, and what was seen to come of them. */
export interface Narrator {
  readonly say: (text: string) => void
  readonly step: (verb: string, what: string) => void
  readonly seen: (text: string) => void
}

export function createNarrator(write: (line: string) => void): Narrator {
  let number = 0
  return {
    say: write,
    step: (verb, what) => {
      number += 1
      write(`${String(number).padStart(2)}  ${verb.padEnd(9)} ${what}`)
    },
    seen: (text) => write(`${' '.repeat(14)}→ ${text}`),
  }
}
