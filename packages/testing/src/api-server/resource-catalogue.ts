import { builtInResources } from './built-in-resources.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'

/** What the server serves now: the built-in kinds, and the custom ones as their definitions come and go. */
export interface ResourceCatalogue {
  /** By group, version and row, in the order of discovery. */
  all(): readonly ResourceType[]
  find(group: string, version: string, plural: string): ResourceType | undefined
  /** All served versions of one resource. */
  versionsOf(group: string, plural: string): readonly ResourceType[]
  byKind(apiVersion: string, kind: string): ResourceType | undefined
  servesVersion(group: string, version: string): boolean
  /** Replaces what was served for this group and plural; nothing: it is not served any more. */
  setCustom(group: string, plural: string, versions: readonly ResourceType[]): void
}

export function createResourceCatalogue(): ResourceCatalogue {
  const custom = new Map<string, readonly ResourceType[]>()
  let types: readonly ResourceType[] = builtInResources

  return {
    all: () => types,
    find: (group, version, plural) =>
      types.find((type) => type.plural === plural && type.group === group && type.version === version),
    versionsOf: (group, plural) => types.filter((type) => type.plural === plural && type.group === group),
    byKind: (apiVersion, kind) => types.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion),
    servesVersion: (group, version) => types.some((type) => type.group === group && type.version === version),
    setCustom(group, plural, versions) {
      const name = `${plural}.${group}`
      if (versions.length === 0) custom.delete(name)
      else custom.set(name, versions)
      types = [...builtInResources, ...[...custom.values()].flat()]
    },
  }
}
