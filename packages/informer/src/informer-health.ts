import type { Feed } from './feed.ts'
import type { InformerHealth } from './informer.ts'

/** A second failure in a row is no longer a connection that was lost in passing. */
const isUnwell = ({ state }: AnyFeed): boolean => state.refused || state.unwell >= 2

type AnyFeed = Pick<Feed<never>, 'state' | 'lastError' | 'lastErrorAt' | 'lastEventAt' | 'lastSyncAt'>

/** The worst of the feeds. */
export function informerHealth(feeds: readonly AnyFeed[], isStopped: boolean): InformerHealth {
  const lastEventAt = latest(feeds.map((feed) => feed.lastEventAt))
  const lastSyncAt = latest(feeds.map((feed) => feed.lastSyncAt))
  const { lastError } = feeds.reduce((a, b) => ((b.lastErrorAt ?? 0) > (a.lastErrorAt ?? 0) ? b : a))
  return {
    state: stateOf(feeds, isStopped),
    restarts: feeds.reduce((sum, { state }) => sum + state.restarts, 0),
    ...(lastEventAt !== undefined && { lastEventAt }),
    ...(lastSyncAt !== undefined && { lastSyncAt }),
    ...(lastError !== undefined && { lastError }),
  }
}

function stateOf(feeds: readonly AnyFeed[], isStopped: boolean): InformerHealth['state'] {
  if (isStopped) return 'stopped'
  if (feeds.some(isUnwell)) return 'degraded'
  return feeds.every(({ state }) => state.synced) ? 'synced' : 'starting'
}

function latest(times: readonly (number | undefined)[]): Date | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : new Date(Math.max(...known))
}
