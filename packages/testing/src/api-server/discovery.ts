import { createHash } from 'node:crypto'
import { apiVersionOf, type ResourceType, type Subresource } from './resource-type.ts'

/** The media type of discovery in two requests. */
export const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** `/api` or `/apis` with everything in it. */
export function aggregatedDiscovery(types: readonly ResourceType[]): object {
  const items = groupsOf(types).map(({ group, versions }) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versions.map(({ version, resources }) => ({
      version,
      resources: resources.map(aggregatedResource),
      freshness: 'Current',
    })),
  }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
}

export function entityTag(body: string): string {
  return `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"`
}

function aggregatedResource(type: ResourceType): object {
  return {
    resource: type.plural,
    // Built-in kinds have an empty group and version here: those of the version they are listed under.
    responseKind: type.custom ? kindOf(type, type.kind) : { group: '', version: '', kind: type.kind },
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: type.verbs,
    ...nonEmpty('shortNames', type.shortNames),
    ...nonEmpty('categories', type.categories),
    ...nonEmpty(
      'subresources',
      type.subresources.map((subresource) => aggregatedSubresource(type, subresource)),
    ),
  }
}

function aggregatedSubresource(type: ResourceType, { name, kind, verbs, apiVersion }: Subresource): object {
  const own = type.custom ? kindOf(type, kind) : { group: '', version: '', kind }
  return { subresource: name, responseKind: apiVersion === undefined ? own : { ...split(apiVersion), kind }, verbs }
}

/** `/api`, for clients that ask for no aggregated discovery. */
export function legacyVersions(serverAddress: string): object {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress }]
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs }
}

/** `/apis`. */
export function legacyGroups(types: readonly ResourceType[]): object {
  const groups = groupsOf(types.filter(({ group }) => group !== '')).map(groupDocument)
  return { kind: 'APIGroupList', apiVersion: 'v1', groups }
}

/** `/apis/GROUP`; undefined: not served. */
export function legacyGroup(types: readonly ResourceType[], group: string): object | undefined {
  const [found] = groupsOf(types.filter((type) => type.group === group))
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(found) }
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined: not served. */
export function legacyResources(types: readonly ResourceType[], group: string, version: string): object | undefined {
  const served = types.filter((type) => type.group === group && type.version === version)
  if (served.length === 0) return undefined
  const resources = served.flatMap((type) =>
    [legacyResource(type)].concat(type.subresources.map((subresource) => legacySubresource(type, subresource))),
  )
  const head = { kind: 'APIResourceList', ...(group !== '' && { apiVersion: 'v1' }) }
  return { ...head, groupVersion: apiVersionOf({ group, version }), resources }
}

function legacyResource({ plural, singular, namespaced, kind, verbs, shortNames, categories }: ResourceType): object {
  const names = { ...nonEmpty('shortNames', shortNames), ...nonEmpty('categories', categories) }
  return { name: plural, singularName: singular, namespaced, kind, verbs, ...names }
}

function legacySubresource(type: ResourceType, { name, kind, verbs, apiVersion }: Subresource): object {
  const foreign = apiVersion === undefined ? {} : split(apiVersion)
  return { name: `${type.plural}/${name}`, singularName: '', namespaced: type.namespaced, ...foreign, kind, verbs }
}

interface ServedGroup {
  readonly group: string
  readonly versions: readonly { readonly version: string; readonly resources: readonly ResourceType[] }[]
}

function groupsOf(types: readonly ResourceType[]): ServedGroup[] {
  return [...Map.groupBy(types, ({ group }) => group)].map(([group, members]) => ({
    group,
    versions: [...Map.groupBy(members, ({ version }) => version)]
      .map(([version, resources]) => ({ version, resources }))
      .toSorted((left, right) => compareVersions(left.version, right.version)),
  }))
}

function groupDocument({ group, versions }: ServedGroup): object {
  const entries = versions.map(({ version }) => ({ groupVersion: apiVersionOf({ group, version }), version }))
  return { name: group, versions: entries, preferredVersion: entries[0] }
}

/**
 * v2 before v1 before v1beta1 before v1alpha1 before anything else, by name.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority
 */
function compareVersions(left: string, right: string): number {
  const [a, b] = [versionRank(left), versionRank(right)]
  const index = a.findIndex((value, at) => value !== b[at])
  return index === -1 ? (left < right ? -1 : 1) : (b[index] ?? 0) - (a[index] ?? 0)
}

function versionRank(version: string): readonly number[] {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version)
  if (match === null) return [0, 0, 0]
  const [, major, stage, minor] = match
  const stages = { alpha: 1, beta: 2 }
  // A cast: the pattern allows nothing else.
  const rank = stage === undefined ? 3 : stages[stage as keyof typeof stages]
  return [rank, Number(major), Number(minor ?? 0)]
}

function kindOf({ group, version }: ResourceType, kind: string): object {
  return { group, version, kind }
}

function split(apiVersion: string): { group: string; version: string } {
  const [group = '', version = ''] = apiVersion.split('/')
  return { group, version }
}

function nonEmpty(name: string, values: readonly unknown[]): object {
  return values.length === 0 ? {} : { [name]: values }
}
