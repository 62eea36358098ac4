import type { AuthInfo } from '@kubeclient/core/spec'
import type { Bench, Taken } from './bench.ts'
import type { Served } from './served.ts'
import { hostileEntries } from './hostile-entries.ts'
import { deadFetch } from './scripted-fetch.ts'

/**
 * Whatever an entry holds where its own had something else: it is handed back, refused, or served, and nothing else happens.
 * As a file it is only offered, since a provider might run it.
 */
export async function checkHostile(bench: Bench, { place, entry }: Served): Promise<void> {
  const before = Object.getOwnPropertyNames(Object.prototype).join()
  await tryHostile(bench, `${place}, a user with a line break in its name`, entry.authInfo, {
    ...entry,
    context: { ...entry.context, userName: 'kit\r\nforged: yes' },
    fetch: deadFetch,
  })
  await Promise.all(
    [...hostileEntries(entry.authInfo)].map(async ({ what, authInfo }) => {
      const where = `${place}, ${what}`
      lookForForgery(bench, where, bench.take(where, authInfo, entry.context))
      await tryHostile(bench, where, authInfo, { ...entry, fetch: deadFetch })
    }),
  )
  if (Object.getOwnPropertyNames(Object.prototype).join() !== before)
    bench.find('hostile', place, '`__proto__` of an entry came into Object.prototype; read fields, and merge nothing')
}

async function tryHostile(bench: Bench, where: string, authInfo: AuthInfo, entry: Served['entry']): Promise<void> {
  const taken = bench.take(where, authInfo, { ...entry.context, directory: undefined, persist: undefined })
  lookForForgery(bench, where, taken)
  if ('provider' in taken) lookForForgery(bench, where, await bench.ask(where, taken.provider, entry))
}

function lookForForgery(bench: Bench, where: string, outcome: Taken | { readonly error?: unknown }): void {
  const error = 'error' in outcome ? outcome.error : undefined
  if (error instanceof Error && error.message.includes('\nforged'))
    bench.find('hostile', where, 'a line break of the kubeconfig is in the message; quote with JSON.stringify')
}
