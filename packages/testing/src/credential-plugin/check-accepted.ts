import type { Bench } from './bench.ts'
import { checkAbort } from './check-abort.ts'
import { checkConcurrency } from './check-concurrency.ts'
import { checkDirectory } from './check-directory.ts'
import { checkFailures } from './check-failures.ts'
import { checkHostile } from './check-hostile.ts'
import { checkIsolation } from './check-isolation.ts'
import { checkRefresh } from './check-refresh.ts'
import { expiryFault } from './credential-fault.ts'
import { differingField } from './differing-field.ts'
import type { AcceptedEntry } from './plugin-cases.ts'
import type { Served } from './served.ts'

/** All that is checked of one entry; nothing more of one that is not served, since it would be the same news again. */
export async function checkAccepted(
  bench: Bench,
  place: string,
  entry: AcceptedEntry,
  others: readonly AcceptedEntry[],
): Promise<void> {
  const served = await serve(bench, place, entry)
  if (served === undefined) return
  await checkRefresh(bench, served)
  await checkIsolation(bench, served, others)
  await checkConcurrency(bench, served)
  await checkAbort(bench, served)
  await checkFailures(bench, served)
  await checkDirectory(bench, served)
  await checkHostile(bench, served)
}

async function serve(bench: Bench, place: string, entry: AcceptedEntry): Promise<Served | undefined> {
  const taken = bench.take(place, entry.authInfo, entry.context)
  if (!('provider' in taken)) {
    bench.find(
      'accepts',
      place,
      'error' in taken ? '`fromAuthInfo` threw for an entry of its own' : 'it does not take the entry',
    )
    return undefined
  }
  const { provider } = taken
  const now = Date.now()
  const answer = await bench.ask(place, provider, entry)
  const { credentials } = answer
  if (credentials === undefined) {
    if (answer.error !== undefined) bench.find('accepts', place, `it gave no credentials: ${wordsOf(answer.error)}`)
    return undefined
  }
  const fault = expiryFault(credentials.expiresAt, now)
  if (fault !== undefined) bench.find('expiry', place, fault)
  const field = differingField(entry.credentials, credentials)
  if (field !== undefined) bench.find('credentials', place, `\`${field}\` is not what the case expects`)
  return { place, entry, provider, first: { ...answer, credentials } }
}

/** For the author of the plugin, who has the entry anyway. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it threw what is no Error'
}
