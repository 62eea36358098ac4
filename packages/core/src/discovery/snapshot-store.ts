import type { DiscoveryCache } from '../spec/client-config.ts'
import { arrayOf, record, text } from './discovered.ts'
import type { Snapshot } from './discover.ts'

/** What was learned, and when, in milliseconds since the epoch. */
export interface SavedSnapshot {
  readonly snapshot: Snapshot
  readonly savedAt: number
}

/** Keeps what discovery learned beyond one client, in a {@link DiscoveryCache}. Never fails a call: it is only a cache. */
export interface SnapshotStore {
  load(): Promise<SavedSnapshot | undefined>
  save(saved: SavedSnapshot): Promise<void>
}

export function snapshotStore(cache: DiscoveryCache, server: URL): SnapshotStore {
  const key = `kubeclient discovery 1 ${server.origin}${server.pathname}`
  return {
    async load() {
      try {
        const value = await cache.get(key)
        if (value === undefined) return undefined
        const saved = parseSaved(value)
        if (saved === undefined) await cache.delete(key)
        return saved
      } catch {
        return undefined // as if nothing had been stored: the server is asked
      }
    },
    async save(saved) {
      try {
        await cache.set(key, JSON.stringify(saved))
      } catch {
        // The next client asks the server again.
      }
    },
  }
}

/** Whoever can write to the cache must not be able to crash those who read it. */
function parseSaved(value: string): SavedSnapshot | undefined {
  let saved: unknown
  try {
    saved = JSON.parse(value)
  } catch {
    return undefined
  }
  const { snapshot, savedAt } = record(saved)
  const { groups, resources, failed } = record(snapshot)
  const sound =
    typeof savedAt === 'number' &&
    everyHas(groups, ['name', 'preferredVersion'], ['versions']) &&
    everyHas(resources, ['group', 'version', 'apiVersion', 'kind', 'resource', 'singular'], resourceLists) &&
    Array.isArray(failed) &&
    failed.every((entry) => typeof entry === 'string')
  return sound ? (saved as SavedSnapshot) : undefined // checked field by field just now
}

const resourceLists = ['verbs', 'shortNames', 'categories', 'subresources']

function everyHas(items: unknown, strings: readonly string[], lists: readonly string[]): boolean {
  if (!Array.isArray(items) || items.length === 0) return false
  return arrayOf(items)
    .map(record)
    .every(
      (item) =>
        strings.every((name) => text(item[name]) === item[name]) && lists.every((name) => Array.isArray(item[name])),
    )
}
