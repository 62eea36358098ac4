import { DiscoveryError, isKubeError, isNotFound } from '../spec/errors.ts'
import type { GroupInfo, ResourceInfo } from '../spec/resource.ts'
import type { Discovered } from './discovered.ts'
import { groupVersion } from './group-version.ts'
import { aggregatedAccept, isAggregated, parseAggregated } from './parse-aggregated.ts'
import { parseGroups, parseResourceList } from './parse-legacy.ts'

/** One discovery document, or the server's word that the one with that ETag still stands. */
export interface FetchedDocument {
  readonly notModified: boolean
  readonly contentType: string | undefined
  readonly etag: string | undefined
  readonly json: unknown
}

/** Fetches a document through the client's own pipeline. @throws {@link ApiError} and its kin */
export type FetchDocument = (path: string, accept: string, etag?: string) => Promise<FetchedDocument>

/** What discovery found, and what proves that it still stands. */
export interface Snapshot extends Discovered {
  /** Of `/api` and `/apis`; only where the server aggregates its discovery. */
  readonly etags?: { readonly core: string | undefined; readonly groups: string }
}

/** Everything that the server serves: two requests where it aggregates its discovery, else one more for each version. */
export async function discover(fetch: FetchDocument, previous?: Snapshot): Promise<Snapshot> {
  const etags = previous?.etags
  const [core, groups] = await Promise.all([
    absentIs404(fetch('/api', aggregatedAccept, etags?.core)), // aggregated API servers have no core group
    presentOrUnknown(fetch('/apis', aggregatedAccept, etags?.groups)),
  ])
  if (previous !== undefined && groups.notModified && (core === undefined || core.notModified)) return previous
  // Where one of two has changed, the other is read again, rather than each kept apart for that.
  return parse(
    fetch,
    core?.notModified === true ? await fetch('/api', aggregatedAccept) : core,
    groups.notModified ? await fetch('/apis', aggregatedAccept) : groups,
  )
}

async function parse(
  fetch: FetchDocument,
  core: FetchedDocument | undefined,
  groups: FetchedDocument,
): Promise<Snapshot> {
  const [coreParts, groupParts] = await Promise.all([
    core === undefined ? nothing : read(fetch, core, parseGroups(core.json, undefined)),
    read(fetch, groups, parseGroups(undefined, groups.json)),
  ])
  const found = merge([coreParts, groupParts])
  const aggregated = isAggregated(groups.contentType) && (core === undefined || isAggregated(core.contentType))
  return aggregated && groups.etag !== undefined
    ? { ...found, etags: { core: core?.etag, groups: groups.etag } }
    : found
}

const nothing: Discovered = { groups: [], resources: [], failed: [] }

/** Each document by its own content type: a proxy may pass one of them on in another form. */
async function read(
  fetch: FetchDocument,
  { contentType, json }: FetchedDocument,
  groups: readonly GroupInfo[],
): Promise<Discovered> {
  if (isAggregated(contentType)) return parseAggregated(json)
  const parts = await Promise.all(
    groups.flatMap(({ name, versions }) => versions.map((version) => fetchVersion(fetch, name, version))),
  )
  return { groups, resources: parts.flatMap((part) => part.resources), failed: parts.flatMap((part) => part.failed) }
}

/** One version that does not answer, such as that of a broken aggregated server, leaves the others usable. */
async function fetchVersion(
  fetch: FetchDocument,
  group: string,
  version: string,
): Promise<{ resources: readonly ResourceInfo[]; failed: readonly string[] }> {
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  try {
    const { json } = await fetch(path, 'application/json')
    return { resources: parseResourceList(group, version, json), failed: [] }
  } catch (error) {
    if (!isKubeError(error, 'KUBE_API') && !isKubeError(error, 'KUBE_PROTOCOL')) throw error
    return { resources: [], failed: [groupVersion(group, version)] }
  }
}

function merge(parts: readonly Discovered[]): Discovered {
  return {
    groups: parts.flatMap((part) => part.groups),
    resources: parts.flatMap((part) => part.resources),
    failed: parts.flatMap((part) => part.failed),
  }
}

async function absentIs404<T>(document: Promise<T>): Promise<T | undefined> {
  try {
    return await document
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** A server without `/apis` is none of Kubernetes, so a 404 says nothing about the object that a call was after. */
async function presentOrUnknown<T>(document: Promise<T>): Promise<T> {
  try {
    return await document
  } catch (error) {
    if (!isNotFound(error)) throw error
    const message = 'the server has no /apis: `server` may point elsewhere, or lack a path prefix'
    throw new DiscoveryError(message, { groupVersions: [] }, { cause: error })
  }
}
