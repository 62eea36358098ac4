import type { Bench } from './bench.ts'
import { differingField } from './differing-field.ts'
import type { AcceptedEntry } from './plugin-cases.ts'
import type { Served } from './served.ts'

/** Two clients never share a token: what one provider learned is not the other's. */
export async function checkIsolation(
  bench: Bench,
  { place, entry, first }: Served,
  others: readonly AcceptedEntry[],
): Promise<void> {
  const where = `${place}, for another user`
  const taken = bench.take(where, entry.authInfo, { ...entry.context, userName: 'kit-other' })
  if (!('provider' in taken)) {
    bench.find('isolation', where, 'it takes an entry once only; let every call of `fromAuthInfo` make a provider')
    return
  }
  for (const { authInfo, context } of others) bench.take(`${place}, beside others`, authInfo, context)
  const { credentials, asked } = await bench.ask(where, taken.provider, entry)
  if (credentials === undefined) return
  const isAnothers =
    differingField(entry.credentials, first.credentials) === undefined &&
    differingField(entry.credentials, credentials) !== undefined
  if (isAnothers || (first.asked > 0 && asked === 0))
    bench.find('isolation', where, 'its credentials came from another provider; keep nothing outside of a provider')
}
