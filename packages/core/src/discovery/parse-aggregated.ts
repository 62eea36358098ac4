import type { GroupInfo, ResourceInfo, SubresourceInfo } from '../spec/resource.ts'
import { type Discovered, arrayOf, record, text, texts } from './discovered.ts'
import { groupVersion } from './group-version.ts'

/** Served by Kubernetes 1.30 and later; the order of the parameters matters. */
export const aggregatedAccept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'

/** Parameters come in any order, as proxies add to them. */
export function isAggregated(contentType: string | undefined): boolean {
  return contentType !== undefined && /;\s*as=APIGroupDiscoveryList\b/i.test(contentType)
}

/**
 * An `APIGroupDiscoveryList`. A version that the server itself calls stale is reported as failed: its absence proves
 * nothing.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
 */
export function parseAggregated(document: unknown): Discovered {
  const groups: GroupInfo[] = []
  const resources: ResourceInfo[] = []
  const failed: string[] = []
  for (const item of arrayOf(record(document)['items'])) {
    const group = text(record(record(item)['metadata'])['name'])
    const versions = arrayOf(record(item)['versions']).map(record)
    const served: string[] = []
    for (const entry of versions) {
      const version = text(entry['version'])
      if (entry['freshness'] === 'Stale') failed.push(groupVersion(group, version))
      else served.push(version)
      resources.push(...parseVersion(group, version, entry))
    }
    const [preferredVersion] = served
    if (preferredVersion !== undefined) groups.push({ name: group, preferredVersion, versions: served })
  }
  return { groups, resources, failed }
}

function parseVersion(group: string, version: string, entry: Readonly<Record<string, unknown>>): ResourceInfo[] {
  return arrayOf(entry['resources'])
    .map(record)
    .flatMap((resource) => {
      const kind = text(record(resource['responseKind'])['kind'])
      const name = text(resource['resource'])
      if (kind === '' || name === '') return [] // only its subresources exist; nothing could be read by this kind
      return {
        group,
        version,
        apiVersion: groupVersion(group, version),
        kind,
        resource: name,
        singular: text(resource['singularResource']) || kind.toLowerCase(),
        namespaced: resource['scope'] === 'Namespaced',
        verbs: texts(resource['verbs']),
        shortNames: texts(resource['shortNames']),
        categories: texts(resource['categories']),
        subresources: arrayOf(resource['subresources']).map((item) => parseSubresource(record(item), group, version)),
      }
    })
}

function parseSubresource(entry: Readonly<Record<string, unknown>>, group: string, version: string): SubresourceInfo {
  const responseKind = record(entry['responseKind'])
  return {
    name: text(entry['subresource']),
    // An empty version means that of the resource itself.
    apiVersion: groupVersion(text(responseKind['group']) || group, text(responseKind['version']) || version),
    kind: text(responseKind['kind']),
    verbs: texts(entry['verbs']),
  }
}
