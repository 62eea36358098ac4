import type { ResourceCatalogue } from './resource-catalogue.ts'
import { findSubresource, type ResourceType, type Subresource } from './resource-type.ts'
import { badRequest, methodNotAllowed, noSuchResource, notSupported } from './status-failure.ts'

/** What a path of the API names. */
export interface Target {
  readonly type: ResourceType
  /** Absent for cluster-scoped kinds, and for a collection across all namespaces. */
  readonly namespace?: string
  /** Absent for a collection. */
  readonly name?: string
  readonly subresource?: Subresource
}

/**
 * Reads `/apis/GROUP/VERSION/namespaces/NAMESPACE/PLURAL/NAME/SUBRESOURCE` and its shorter forms.
 *
 * @returns undefined when nothing is served there, which the real server answers as plain text
 * @throws {@link StatusFailure} 404 when the version is served but the resource is not; 405 for objects without their namespace
 */
export function resolveTarget(path: string, catalogue: ResourceCatalogue): Target | undefined {
  const [root, ...rest] = path.replace(/\/$/, '').split('/').slice(1).map(decode)
  const [group, version, ...segments] = root === 'api' ? ['', ...rest] : rest
  if ((root !== 'api' && root !== 'apis') || group === undefined || version === undefined) return undefined
  if (!catalogue.servesVersion(group, version)) return noVersion(catalogue, group)
  if (segments.length === 0) return undefined
  if (segments[0] === 'watch') throw notSupported('the deprecated path prefix /watch/ (use ?watch=true)')

  const place = placeOf(segments, catalogue, group, version)
  const type = catalogue.find(group, version, place.plural)
  if (type === undefined) return missing(catalogue, group, version)
  return targetOf(type, place)
}

interface Place {
  readonly namespace?: string | undefined
  readonly plural: string
  readonly name?: string | undefined
  readonly subresource?: string | undefined
  readonly more: number
}

function placeOf(segments: readonly string[], catalogue: ResourceCatalogue, group: string, version: string): Place {
  const [first = '', namespace, plural] = segments
  const [isCore, namespaces] = [group === '', catalogue.find(group, version, 'namespaces')]
  const isOfNamespace = isCore && namespaces !== undefined && findSubresource(namespaces, plural ?? '') !== undefined
  if (first === 'namespaces' && namespace !== undefined && plural !== undefined && !isOfNamespace) {
    const [name, subresource, ...more] = segments.slice(3)
    return { namespace, plural, name, subresource, more: more.length }
  }
  const [name, subresource, ...more] = segments.slice(1)
  return { plural: first, name, subresource, more: more.length }
}

function targetOf(type: ResourceType, { namespace, name, subresource, more }: Place): Target | undefined {
  if ((namespace !== undefined && !type.namespaced) || namespace === '' || name === '') return notThere(type)
  if (name !== undefined && type.namespaced && namespace === undefined) return notThere(type)
  const base = { type, ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) }
  if (subresource === undefined) return base
  const found = findSubresource(type, subresource)
  if (found === undefined) return notThere(type)
  if (more > 0 && subresource !== 'proxy') return notThere(type)
  return { ...base, subresource: found }
}

/** A built-in group is one server, which answers for what it does not have. */
function noVersion(catalogue: ResourceCatalogue, group: string): undefined {
  if (catalogue.all().some((type) => type.group === group && !type.custom)) throw noSuchResource()
  return undefined
}

function notThere(type: ResourceType): undefined {
  if (!type.custom) throw noSuchResource()
  return undefined
}

/** Groups that only custom resources made are served by another part of the API server, with another answer. */
function missing(catalogue: ResourceCatalogue, group: string, version: string): undefined {
  const builtIn = catalogue.all().some((type) => type.group === group && type.version === version && !type.custom)
  if (builtIn) throw noSuchResource()
  return undefined
}

/** @throws {@link StatusFailure} 405 unless the kind, or its subresource, has the verb */
export function checkVerb({ type, subresource }: Target, verb: string): void {
  if (!(subresource ?? type).verbs.includes(verb)) throw methodNotAllowed()
}

function decode(segment: string): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(segment)
  } catch {
    throw badRequest('the path is not percent-encoded UTF-8')
  }
  // The real server splits the path after it decoded it: no name holds a slash, and nothing is there.
  if (decoded.includes('/')) throw noSuchResource()
  return decoded
}
