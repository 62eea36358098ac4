import type { Bench } from './bench.ts'
import { kitReason } from './kit-reason.ts'
import { hangingFetch } from './scripted-fetch.ts'
import type { Served } from './served.ts'
import { turn } from './turn.ts'

/** Who is told that nobody waits any more stops, and says so with the reason of the signal. */
export async function checkAbort(bench: Bench, served: Served): Promise<void> {
  await checkAborted(bench, served)
  await checkAbortDuring(bench, served)
}

async function checkAborted(bench: Bench, { place, entry, provider }: Served): Promise<void> {
  const where = `${place}, aborted before the call`
  const reason = kitReason()
  const { asked, error } = await bench.ask(where, provider, entry, { signal: AbortSignal.abort(reason), whenLate })
  if (asked > 0) bench.find('abort', where, 'it asked somebody; begin with `signal.throwIfAborted()`')
  else if (error !== undefined && error !== reason) bench.find('abort', where, notTheReason)
}

async function checkAbortDuring(bench: Bench, { place, entry, provider }: Served): Promise<void> {
  const where = `${place}, aborted while it waits`
  const controller = new AbortController()
  const { signal } = controller
  const reason = kitReason()
  const { promise: waiting, resolve: onAsk } = Promise.withResolvers<void>()
  const call = bench.ask(where, provider, entry, { signal, fetch: hangingFetch, onAsk, whenLate })
  await Promise.race([waiting, turn()])
  controller.abort(reason)
  const { error } = await call
  if (error !== undefined && error !== reason) bench.find('abort', where, notTheReason)
}

const notTheReason =
  'it failed with something else than `signal.reason`; call `signal.throwIfAborted()` where you catch'

const whenLate = ['abort', 'it went on; pass `signal` to every wait'] as const
