import { type Answer, type Bench, fetchOf } from './bench.ts'
import type { Served } from './served.ts'
import { kitReason } from './kit-reason.ts'
import { gatedFetch } from './scripted-fetch.ts'
import { turn } from './turn.ts'

/** Two clients may have one provider: both are served, also when one of them leaves while both wait. */
export async function checkConcurrency(bench: Bench, { place, entry, provider }: Served): Promise<void> {
  const where = `${place}, two calls at once`
  const leaving = new AbortController()
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const { promise: waiting, resolve: onAsk } = Promise.withResolvers<void>()
  const ask = (signal: AbortSignal): Promise<Answer> =>
    bench.ask(where, provider, entry, { signal, fetch: gatedFetch(fetchOf(entry), gate), onAsk })

  const calls = [ask(leaving.signal), ask(new AbortController().signal)] as const
  await Promise.race([waiting, turn()])
  leaving.abort(kitReason())
  open()
  const [, stayed] = await Promise.all(calls)
  if (stayed.credentials === undefined && stayed.told !== true)
    bench.find('concurrency', where, 'the end of one call ended the other; let each wait for its own signal only')
}
