import { isDeepStrictEqual } from 'node:util'
import type { Bench } from './bench.ts'
import type { Served } from './served.ts'
import { expiryFault } from './credential-fault.ts'

/** Who is asked again asks somebody again: what has been kept is what the server refuses, or soon will. */
export async function checkRefresh(bench: Bench, { place, entry, provider, first }: Served): Promise<void> {
  let previous = first.credentials
  for (const reason of ['expiring', 'refused'] as const) {
    const { expiresAt } = previous
    if (reason === 'expiring' && expiresAt === undefined) continue
    const where = `${place}, reason "${reason}"`
    // A minute later, or just before the end; another `now` gives another signature.
    const now = reason === 'expiring' && expiresAt !== undefined ? expiresAt.getTime() - 30_000 : Date.now() + 60_000
    const { credentials, asked } = await bench.ask(where, provider, entry, { reason, previous, now: () => now })
    if (credentials === undefined) continue
    if (first.asked > 0 && asked === 0 && isDeepStrictEqual(credentials, previous))
      bench.find('refresh', where, 'it gave `previous` again and asked nobody; keep nothing, the client does')
    previous = credentials
    const fault = reason === 'expiring' ? expiryFault(credentials.expiresAt, now) : undefined
    if (fault !== undefined) bench.find('expiry', where, fault)
  }
}
