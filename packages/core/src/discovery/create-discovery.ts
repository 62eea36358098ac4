import { DiscoveryError, NoMatchError } from '../spec/errors.ts'
import type { ResourceInfo, ResourceRef } from '../spec/resource.ts'
import type { Discovered } from './discovered.ts'
import { discover, type FetchDocument } from './discover.ts'
import type { Discovery, ResourceFilter } from './discovery.ts'
import { splitGroupVersion } from './group-version.ts'
import { couldBeIn, matchRef, printRef } from './match-ref.ts'
import { openApiReader } from './open-api.ts'

/** A reference that was just found missing is not looked up again for this long. */
const missMs = 1000

export interface CreateDiscoveryOptions {
  readonly fetch: FetchDocument
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** One discovery for all callers of a client: loaded at the first need, single-flight, refreshed once on a miss. */
export function createDiscovery({ fetch, now }: CreateDiscoveryOptions): Discovery {
  let loaded: Discovered | undefined
  let loading: Promise<Discovered> | undefined
  const misses = new Map<string, number>()

  const reload = (): Promise<Discovered> => {
    loading ??= discover(fetch)
      .then((found) => (loaded = found))
      .finally(() => {
        loading = undefined
      })
    return loading
  }

  const lookUp = async (ref: ResourceRef): Promise<{ found: ResourceInfo | undefined; in: Discovered }> => {
    const known = loaded
    const first = known ?? (await reload())
    const [hit] = matchRef(first.resources, ref)
    const key = printRef(ref)
    const justMissed = now() - (misses.get(key) ?? Number.NEGATIVE_INFINITY) < missMs
    if (hit !== undefined || known === undefined || justMissed) return { found: hit, in: first }
    // What was not there when it was loaded may be there now: a CRD installed since.
    const second = await reload()
    const [found] = matchRef(second.resources, ref)
    if (found === undefined) remember(misses, key, now())
    return { found, in: second }
  }

  return {
    get loaded() {
      return loaded !== undefined
    },
    async resolve(ref) {
      const { found, in: discovered } = await lookUp(ref)
      if (found !== undefined) return found
      throwIfUnknown(discovered, ref)
      throw new NoMatchError(noMatch(discovered, ref), { ref: printRef(ref) })
    },
    async has(ref) {
      const { found, in: discovered } = await lookUp(ref)
      if (found === undefined) throwIfUnknown(discovered, ref)
      return found !== undefined
    },
    async resources(filter = {}) {
      const { resources, failed } = loaded ?? (await reload())
      const open = failed.filter(
        (entry) => filter.group === undefined || splitGroupVersion(entry).group === filter.group,
      )
      if (open.length > 0) throw unanswered(open)
      return resources.filter((info) => passes(info, filter))
    },
    async groups() {
      return (loaded ?? (await reload())).groups
    },
    openApi: openApiReader(fetch),
    async refresh() {
      await loading?.catch(() => undefined) // one that began before this call may not see what its caller knows
      misses.clear()
      await reload()
    },
  }
}

/** References are the caller's, but a program that probes for many must not fill memory. */
function remember(misses: Map<string, number>, key: string, at: number): void {
  if (misses.size >= 1000) misses.clear()
  misses.set(key, at)
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

function unanswered(groupVersions: readonly string[], ref?: string): DiscoveryError {
  const subject =
    ref === undefined ? 'not all resources are known' : `whether the server has ${JSON.stringify(ref)} is not known`
  const why = `${groupVersions.join(', ')} did not answer discovery (an aggregated API server may be down)`
  return new DiscoveryError(`${subject}: ${why}`, { groupVersions })
}

function noMatch({ resources }: Discovered, ref: ResourceRef): string {
  const subject = `the server has no ${JSON.stringify(printRef(ref))}`
  const others = new Set(elsewhere(resources, ref).map((info) => `${info.resource} in ${info.apiVersion}`))
  if (others.size > 0) return `${subject}, but ${[...others].slice(0, 5).join(', ')}`
  return `${subject} (is its CustomResourceDefinition installed, and the name spelled right?)`
}

/** The same name in another group or version. */
function elsewhere(resources: readonly ResourceInfo[], ref: ResourceRef): ResourceInfo[] {
  const name = typeof ref === 'string' ? ref.split('.', 1)[0] : (ref.resource ?? ref.kind)
  return name === undefined ? [] : matchRef(resources, name)
}
