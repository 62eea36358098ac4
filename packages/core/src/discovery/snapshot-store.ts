import type { DiscoveryCache } from '../spec/client-config.ts'
import { abortable } from '../transport/abortable.ts'
import { Deadline } from '../transport/deadline.ts'
import { record } from './discovered.ts'
import type { Snapshot } from './discover.ts'

/** What was learned, and when, in milliseconds since the epoch. */
export interface SavedSnapshot {
  readonly snapshot: Snapshot
  readonly savedAt: number
}

/** An answer that takes longer than this, in milliseconds, is not worth waiting for: the server can be asked. */
const answerMs = 5000

/** Keeps what discovery learned beyond one client, in a {@link DiscoveryCache}. Never fails a call: it is only a cache. */
export interface SnapshotStore {
  load(): Promise<SavedSnapshot | undefined>
  /** Nobody waits for it. */
  save(saved: SavedSnapshot): void
}

export function snapshotStore(cache: DiscoveryCache, server: URL): SnapshotStore {
  const key = `kubeclient discovery 1 ${server.origin}${server.pathname}`
  return {
    async load() {
      const value = await inTime(() => cache.get(key))
      if (typeof value !== 'string') return undefined
      const saved = parseSaved(value)
      if (saved === undefined) void attempt(() => cache.delete(key))
      return saved
    },
    save(saved) {
      void attempt(() => cache.set(key, JSON.stringify(saved)))
    },
  }
}

/** Its answer; `undefined`, as if nothing had been stored, when it fails or takes too long. */
async function inTime<T>(ask: () => Promise<T>): Promise<T | undefined> {
  const deadline = new Deadline(undefined, answerMs, () => new Error('the cache does not answer'))
  try {
    return await abortable(ask(), deadline.signal)
  } catch {
    return undefined
  } finally {
    deadline.end()
  }
}

/** A cache that fails is as good as none: the next client asks the server again. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch {
    // see above
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
  const { groups, resources, failed, etags } = record(snapshot)
  const sound =
    typeof savedAt === 'number' &&
    isFilledListOf(groups, isGroup) &&
    isFilledListOf(resources, isResource) &&
    isListOf(failed, isText) &&
    (etags === undefined || isEtags(etags))
  return sound ? (saved as SavedSnapshot) : undefined // checked field by field just now
}

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isTexts: Check = (value) => isListOf(value, isText)

const isGroup = hasFields({ name: isText, preferredVersion: isText, versions: isTexts })
const isSubresource = hasFields({ name: isText, apiVersion: isText, kind: isText, verbs: isTexts })
const isResource = hasFields({
  group: isText,
  version: isText,
  apiVersion: isText,
  kind: isText,
  resource: isText,
  singular: isText,
  namespaced: (value) => typeof value === 'boolean',
  verbs: isTexts,
  shortNames: isTexts,
  categories: isTexts,
  subresources: (value) => isListOf(value, isSubresource),
})

/** As they were sent in a header: a character that none can hold would fail every request for them. */
const isEtag: Check = (value) => typeof value === 'string' && /^[\u0021-\u007e]+$/.test(value)
const isEtags = hasFields({ core: (value) => value === undefined || isEtag(value), groups: isEtag })

function hasFields(checks: Readonly<Record<string, Check>>): Check {
  return (value) => {
    const fields = record(value)
    return Object.entries(checks).every(([name, check]) => check(fields[name]))
  }
}

function isListOf(value: unknown, check: Check): boolean {
  return Array.isArray(value) && value.every(check)
}

function isFilledListOf(value: unknown, check: Check): boolean {
  return isListOf(value, check) && Array.isArray(value) && value.length > 0
}
