import type { DiscoveryCache } from '../spec/client-config.ts'
import { NoMatchError } from '../spec/errors.ts'
import type { ResourceInfo, ResourceRef } from '../spec/resource.ts'
import type { Discovered } from './discovered.ts'
import type { FetchDocument, Snapshot } from './discover.ts'
import type { Discovery, ResourceFilter } from './discovery.ts'
import { splitGroupVersion } from './group-version.ts'
import { Learned } from './learned.ts'
import { couldBeIn, matchRef, printRef } from './match-ref.ts'
import { noMatch, unanswered } from './no-match.ts'
import { openApiReader } from './open-api.ts'
import { snapshotStore } from './snapshot-store.ts'

/** A reference that was just found missing is not looked up again for this long. */
const missMs = 1000

export interface CreateDiscoveryOptions {
  readonly fetch: FetchDocument
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly server: URL
  readonly cache?: DiscoveryCache | undefined
}

/** What the client needs of discovery beyond what it offers to its users. */
export interface KindDiscovery extends Discovery {
  /**
   * How `known` is served now, after the server has denied its path: a kind may have come back with another scope.
   * `undefined`: as before, or no more.
   */
  recheck(ref: ResourceRef, known: ResourceInfo): Promise<ResourceInfo | undefined>
}

/** One discovery for all callers of a client: single-flight, and refreshed once on a miss. */
export function createDiscovery({ fetch, now, server, cache }: CreateDiscoveryOptions): KindDiscovery {
  const learned = new Learned({ fetch, now, store: cache && snapshotStore(cache, server) })
  const misses = new RecentMisses(now)

  const lookUp = async (ref: ResourceRef): Promise<{ found: ResourceInfo | undefined; in: Snapshot }> => {
    const { begun } = learned
    const first = await learned.current()
    const [hit] = matchRef(first.resources, ref)
    const asked = learned.begun !== begun // since then: it is as new as it gets
    if (hit !== undefined || asked || misses.has(printRef(ref))) return { found: hit, in: first }
    // What was not there when it was loaded may be there now: a CRD installed since.
    const second = await learned.reloadAfresh()
    const [found] = matchRef(second.resources, ref)
    if (found === undefined) misses.add(printRef(ref))
    return { found, in: second }
  }

  return {
    get loaded() {
      return learned.snapshot !== undefined
    },
    async resolve(ref) {
      const { found, in: snapshot } = await lookUp(ref)
      if (found !== undefined) return found
      throwIfUnknown(snapshot, ref)
      throw new NoMatchError(noMatch(snapshot, ref), { ref: printRef(ref) })
    },
    async has(ref) {
      const { found, in: snapshot } = await lookUp(ref)
      if (found === undefined) throwIfUnknown(snapshot, ref)
      return found !== undefined
    },
    async resources(filter = {}) {
      const { resources, failed } = await learned.current()
      const open = failed.filter(
        (entry) => filter.group === undefined || splitGroupVersion(entry).group === filter.group,
      )
      if (open.length > 0) throw unanswered(open)
      return resources.filter((info) => passes(info, filter))
    },
    async groups() {
      return (await learned.current()).groups
    },
    openApi: openApiReader(fetch),
    async refresh() {
      misses.clear()
      await learned.reloadAfresh()
    },
    async recheck(ref, known) {
      const key = `${printRef(ref)} moved`
      const snapshot = learned.snapshot
      const replaced = snapshot !== undefined && !snapshot.resources.includes(known)
      if (!replaced && misses.has(key)) return undefined
      const [served] = matchRef((replaced ? snapshot : await learned.reloadAfresh()).resources, ref)
      if (served !== undefined && !sameAddress(served, known)) return served
      misses.add(key)
      return undefined
    },
  }
}

function sameAddress(a: ResourceInfo, b: ResourceInfo): boolean {
  return a.apiVersion === b.apiVersion && a.resource === b.resource && a.namespaced === b.namespaced
}

/** References are the caller's, but a program that probes for many must not fill memory. */
class RecentMisses {
  readonly #at = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  has(key: string): boolean {
    return this.#now() - (this.#at.get(key) ?? Number.NEGATIVE_INFINITY) < missMs
  }

  add(key: string): void {
    if (this.#at.size >= 1000) this.#at.clear()
    this.#at.set(key, this.#now())
  }

  clear(): void {
    this.#at.clear()
  }
}

function passes(info: ResourceInfo, { group, verb, category, namespaced }: ResourceFilter): boolean {
  return (
    (group === undefined || info.group === group) &&
    (verb === undefined || info.verbs.includes(verb)) &&
    (category === undefined || info.categories.includes(category)) &&
    (namespaced === undefined || info.namespaced === namespaced)
  )
}

function throwIfUnknown({ failed }: Discovered, ref: ResourceRef): void {
  if (couldBeIn(failed, ref)) throw unanswered(failed, printRef(ref))
}
