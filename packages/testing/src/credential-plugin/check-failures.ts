import type { CredentialFetch } from '@kubeclient/core/spec'
import type { Bench } from './bench.ts'
import type { Served } from './served.ts'
import type { FailingEntry } from './plugin-cases.ts'
import { echoingFetch, leakingFetch } from './scripted-fetch.ts'

/** What `context.fetch` may bring. The bench looks at the errors. */
export async function checkFailures(bench: Bench, { place, entry, provider, first }: Served): Promise<void> {
  if (first.asked === 0) return
  const secret = bench.plant('kit-planted-secret-5d41402abc4b')
  const answers: readonly (readonly [string, CredentialFetch])[] = [
    ['answered 500', echoingFetch(secret, 500)],
    ['answered 401', echoingFetch(secret, 401)],
    ['answered with HTML', echoingFetch(secret, 200)],
    ['answered with nothing', () => Promise.resolve(new Response(''))],
    ['answered with {}', () => Promise.resolve(Response.json({}))],
    ['answered with null', () => Promise.resolve(Response.json(null))],
    ['without a network', leakingFetch(secret)],
  ]
  for (const [what, fetch] of answers) await bench.ask(`${place}, ${what}`, provider, entry, { fetch })
}

/** An entry that it understands and cannot serve fails, and says why: at once, or when it is asked. */
export async function checkFails(bench: Bench, place: string, entry: FailingEntry): Promise<void> {
  const taken = bench.take(place, entry.authInfo, entry.context)
  if ('declined' in taken) {
    bench.find('fails', place, 'it does not take the entry; an entry that it understands is its own, served or not')
    return
  }
  const { error, told = false } =
    'error' in taken ? { error: taken.error } : await bench.ask(place, taken.provider, entry)
  if (told) return
  if (error === undefined) bench.find('fails', place, 'it did not fail')
  else if (!(error instanceof Error) || !entry.message.test(error.message))
    bench.find('fails', place, `its message does not match ${String(entry.message)}`)
}
