import { setTimeout } from 'node:timers/promises'
import type { Effects } from '../../src/effects.ts'

/** Seconds that take milliseconds, on a clock that can be set. */
export interface FastEffects extends Effects {
  /** Somebody sets the clock, by so many milliseconds. */
  jump(ms: number): void
}

const speed = 500

export function fastEffects(random: () => number = Math.random): FastEffects {
  let offset = 0
  return {
    now: () => performance.now() * speed + offset,
    date: () => Date.now(),
    random,
    sleep: (ms, signal) => setTimeout(ms / speed, undefined, { signal }),
    idleTimeoutMs: 300,
    jump(ms) {
      offset += ms
    },
  }
}
