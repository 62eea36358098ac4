import type { Parameters } from 'fast-check'

const { INFORMER_SEED: seed, INFORMER_PATH: path, INFORMER_RUNS: runs } = process.env

/**
 * `INFORMER_SEED` and `INFORMER_PATH` repeat a failure as fast-check reported it; with real sockets the timing is another each
 * time, so it may take a few attempts. `INFORMER_RUNS` asks for more histories, or fewer, and takes the time that they need.
 */
export function seeded(numRuns: number, limitMs?: number): Parameters<unknown> {
  return {
    numRuns: runs === undefined ? numRuns : Number(runs),
    seed: seed === undefined ? Date.now() % 2 ** 31 : Number(seed),
    ...(path !== undefined && { path, endOnFailure: true }),
    ...(limitMs !== undefined && runs === undefined && { interruptAfterTimeLimit: limitMs }),
  }
}

/** For the test around a property that has so much time. */
export function timeoutFor(limitMs: number): number {
  return runs === undefined ? limitMs + 60_000 : 24 * 3_600_000
}
