import { InvalidRequestError } from '../spec/errors.ts'
import type { KubeRequest } from '../spec/request.ts'
import { formatLabelSelector } from './label-selector.ts'
import type { BookmarkWatchOptions, CollectionOptions, GetOptions, ListOptions, WatchOptions } from './options.ts'
import { oneNamespace, type Place } from './place.ts'
import { resourceRequest } from './resource-request.ts'

export function getRequest(place: Place, name: string, options: GetOptions, subresource?: string): KubeRequest {
  oneNamespace(place, 'get')
  return resourceRequest(place, {
    verb: 'get',
    method: 'GET',
    name,
    subresource,
    query: { resourceVersion: options.resourceVersion },
    extraQuery: options.query,
  })
}

export function listRequest(place: Place, options: ListOptions): KubeRequest {
  return resourceRequest(place, {
    verb: 'list',
    method: 'GET',
    query: listQuery(options),
    extraQuery: options.query,
  })
}

/** Query parameters of a list, which deleteCollection takes too. */
export function listQuery(options: ListOptions): Readonly<Record<string, string | number | undefined>> {
  return {
    ...selection(options),
    limit: options.limit,
    continue: options.continue,
    timeoutSeconds: options.timeoutSeconds,
  }
}

/** Bookmarks are always asked for: they keep the version to resume from young. */
export function watchRequest(place: Place, options: WatchOptions | BookmarkWatchOptions): KubeRequest {
  const { name, sendInitialEvents } = options
  const selected = selection(options)
  const fieldSelector = name === undefined ? selected.fieldSelector : byName(name, selected.fieldSelector)
  return resourceRequest(place, {
    verb: 'watch',
    method: 'GET',
    kind: 'stream',
    query: {
      ...selected,
      watch: 'true',
      allowWatchBookmarks: 'true',
      fieldSelector,
      sendInitialEvents,
      // The server demands it beside sendInitialEvents, whatever its value.
      resourceVersionMatch: sendInitialEvents === undefined ? undefined : 'NotOlderThan',
    },
    extraQuery: options.query,
  })
}

function selection(options: CollectionOptions) {
  const { labelSelector, fieldSelector, resourceVersion, resourceVersionMatch, shardSelector } = options
  return {
    labelSelector: labelSelector === undefined ? undefined : formatLabelSelector(labelSelector),
    fieldSelector,
    resourceVersion,
    resourceVersionMatch,
    shardSelector,
  }
}

function byName(name: string, fieldSelector: string | undefined): string {
  if (name === '') throw new InvalidRequestError('the name to watch is empty')
  // In a field selector these three are escaped. https://pkg.go.dev/k8s.io/apimachinery/pkg/fields#EscapeValue
  const own = `metadata.name=${name.replaceAll(/[\\,=]/g, String.raw`\$&`)}`
  return fieldSelector === undefined || fieldSelector === '' ? own : `${own},${fieldSelector}`
}
