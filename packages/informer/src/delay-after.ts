/** What is waited after the first failure of a row, in milliseconds; twice as long after each further one. */
const firstMs = 800
const lastMs = 30_000
/** A server that asks for more time than this is asked again earlier. */
const longestRetryAfterMs = 60_000

export interface DelayAfterOptions {
  /** Failures in a row, this one included. */
  readonly failures: number
  /** Not less than this, in milliseconds, where the server or the kind of the failure says so. */
  readonly atLeastMs: number
  /** From 0 to below 1. */
  readonly random: number
}

/** Milliseconds until the next attempt. Up to twice the bound, so that those who failed together do not come back together. */
export function delayAfter({ failures, atLeastMs, random }: DelayAfterOptions): number {
  const backoffMs = Math.min(firstMs * 2 ** (failures - 1), lastMs)
  return Math.max(backoffMs, Math.min(atLeastMs, longestRetryAfterMs)) + backoffMs * random
}
