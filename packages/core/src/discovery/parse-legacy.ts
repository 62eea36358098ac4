import type { GroupInfo, ResourceInfo, SubresourceInfo } from '../spec/resource.ts'
import { arrayOf, record, text, texts } from './discovered.ts'
import { groupVersion } from './group-version.ts'

/** The groups of `APIVersions` (`/api`) and `APIGroupList` (`/apis`), the core group first. */
export function parseGroups(apiVersions: unknown, groupList: unknown): GroupInfo[] {
  const core = texts(record(apiVersions)['versions'])
  const groups = arrayOf(record(groupList)['groups']).map((item) => parseGroup(record(item)))
  const [preferredVersion] = core
  return preferredVersion === undefined ? groups : [{ name: '', preferredVersion, versions: core }, ...groups]
}

function parseGroup(entry: Readonly<Record<string, unknown>>): GroupInfo {
  const versions = arrayOf(entry['versions']).map((item) => text(record(item)['version']))
  const preferred = text(record(entry['preferredVersion'])['version'])
  return { name: text(entry['name']), preferredVersion: preferred || (versions[0] ?? ''), versions }
}

/** The resources of one `APIResourceList`; subresources stand in it as `pods/log`. */
export function parseResourceList(group: string, version: string, document: unknown): ResourceInfo[] {
  const entries = arrayOf(record(document)['resources']).map(record)
  const subresources = Map.groupBy(
    entries.filter((entry) => text(entry['name']).includes('/')),
    (entry) => text(entry['name']).split('/', 1)[0],
  )
  return entries
    .filter((entry) => /^[^/]+$/.test(text(entry['name'])))
    .map((entry) => {
      const resource = text(entry['name'])
      const kind = text(entry['kind'])
      return {
        group,
        version,
        apiVersion: groupVersion(group, version),
        kind,
        resource,
        singular: text(entry['singularName']) || kind.toLowerCase(),
        namespaced: entry['namespaced'] === true,
        verbs: texts(entry['verbs']),
        shortNames: texts(entry['shortNames']),
        categories: texts(entry['categories']),
        subresources: (subresources.get(resource) ?? []).map((item) => parseSubresource(group, version, item)),
      }
    })
}

function parseSubresource(group: string, version: string, entry: Readonly<Record<string, unknown>>): SubresourceInfo {
  const own = text(entry['version'])
  return {
    name: text(entry['name']).split('/').slice(1).join('/'),
    apiVersion: own === '' ? groupVersion(group, version) : groupVersion(text(entry['group']), own),
    kind: text(entry['kind']),
    verbs: texts(entry['verbs']),
  }
}
