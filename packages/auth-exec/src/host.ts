import { isatty } from 'node:tty'

/** What a run depends on of the process that it is part of. */
export interface Host {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isTerminal: () => boolean
}

/** Looked at for each run: programs change their environment. */
export function nodeHost(): Host {
  return {
    platform: process.platform,
    get env() {
      return process.env
    },
    // `process.stdin` would open a stream, which somebody would have to close.
    isTerminal: () => isatty(0),
  }
}
