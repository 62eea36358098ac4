import type { ResourceInfo, ResourceRef } from '../spec/resource.ts'
import { splitGroupVersion } from './group-version.ts'

/** A textual reference taken apart: `deployments`, `deployments.apps`, `deployments.v1.apps`. */
interface Reading {
  /** Lower case, as kubectl compares them. */
  readonly name: string
  readonly group?: string
  readonly version?: string
}

/**
 * The resources that a reference can mean, best first. A plural, singular or kind beats a short name; the server's order
 * decides between groups and versions, as it does for kubectl.
 */
export function matchRef(resources: readonly ResourceInfo[], ref: ResourceRef): ResourceInfo[] {
  if (typeof ref !== 'string') return resources.filter((info) => matchesObject(info, ref))
  for (const reading of readings(ref)) {
    const inScope = resources.filter(
      ({ group, version }) => (reading.group ?? group) === group && (reading.version ?? version) === version,
    )
    const exact = inScope.filter((info) => hasName(info, reading.name))
    const found = exact.length > 0 ? exact : inScope.filter((info) => info.shortNames.includes(reading.name))
    if (found.length > 0) return found
  }
  return []
}

function matchesObject(info: ResourceInfo, ref: Exclude<ResourceRef, string>): boolean {
  if (info.apiVersion !== ref.apiVersion) return false
  return ref.resource === undefined ? info.kind === ref.kind : info.resource === ref.resource
}

function hasName({ resource, singular, kind }: ResourceInfo, name: string): boolean {
  return resource === name || singular === name || kind.toLowerCase() === name
}

/** `a.b.c` may be version b of group c, or group b.c: kubectl tries them in this order. Core versions have no group: `pods.v1`. */
function readings(ref: string): Reading[] {
  const [first = '', ...rest] = ref.split('.')
  const name = first.toLowerCase()
  const [version, ...group] = rest
  if (version === undefined) return [{ name }]
  const whole = { name, group: rest.join('.') }
  if (group.length > 0) return [{ name, version, group: group.join('.') }, whole]
  return [whole, { name, version, group: '' }]
}

/** A reference as people write it, for messages and as the key of a cache. */
export function printRef(ref: ResourceRef): string {
  if (typeof ref === 'string') return ref
  return `${ref.apiVersion} ${ref.resource ?? ref.kind ?? ''}`
}

/** Whether one of the versions that did not answer could have served it. */
export function couldBeIn(groupVersions: readonly string[], ref: ResourceRef): boolean {
  if (typeof ref !== 'string') return groupVersions.includes(ref.apiVersion)
  const failed = groupVersions.map(splitGroupVersion)
  return readings(ref).some((reading) =>
    failed.some(({ group, version }) => (reading.group ?? group) === group && (reading.version ?? version) === version),
  )
}
