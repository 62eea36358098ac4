import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** What one call did, of several at the same time. */
export interface Effects {
  processes: number
  /** HTTP requests, by whatever means. */
  requests: number
}

export interface EffectsWatch {
  /** Counts in `effects` what `work`, and all that it waits for, does. */
  during<Result>(effects: Effects, work: () => Result): Result
  stop(): void
}

/** @see https://nodejs.org/api/diagnostics_channel.html#built-in-channels */
export function watchEffects(): EffectsWatch {
  const current = new AsyncLocalStorage<Effects>()
  const count = (effect: keyof Effects) => () => {
    const effects = current.getStore()
    if (effects !== undefined) effects[effect] += 1
  }
  const channels = [
    ['child_process', count('processes')],
    ['http.client.request.start', count('requests')],
    ['undici:request:create', count('requests')],
  ] as const
  for (const [channel, note] of channels) subscribe(channel, note)
  return {
    during: (effects, work) => current.run(effects, work),
    stop() {
      for (const [channel, note] of channels) unsubscribe(channel, note)
      current.disable()
    },
  }
}
