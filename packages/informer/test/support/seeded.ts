import type { Parameters } from 'fast-check'

/** `INFORMER_SEED` and `INFORMER_PATH` repeat a failure as fast-check reported it; `INFORMER_RUNS` asks for more, or fewer. */
export function seeded(numRuns: number, more: Parameters<unknown> = {}): Parameters<unknown> {
  const { INFORMER_SEED: seed, INFORMER_PATH: path, INFORMER_RUNS: runs } = process.env
  return {
    numRuns: runs === undefined ? numRuns : Number(runs),
    seed: seed === undefined ? Date.now() % 2 ** 31 : Number(seed),
    ...(path !== undefined && { path, endOnFailure: true }),
    ...more,
  }
}
