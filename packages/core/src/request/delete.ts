import { InvalidRequestError } from '../spec/errors.ts'
import type { KubeRequest } from '../spec/request.ts'
import { isRehearsal } from './check-call-options.ts'
import { formatLabelSelector } from './label-selector.ts'
import type { CollectionDeleteOptions, DeleteCollectionOptions, DeleteOptions } from './options.ts'
import { oneNamespace, type Place, type RequestDefaults } from './place.ts'
import { listQuery } from './read.ts'
import { resourceRequest } from './resource-request.ts'

export function deleteRequest(place: Place, name: string, options: DeleteOptions): KubeRequest {
  oneNamespace(place, 'delete')
  const { ignoreStoreReadErrorWithClusterBreakingPotential, preconditions } = options
  return resourceRequest(place, {
    verb: 'delete',
    method: 'DELETE',
    name,
    extraQuery: options.query,
    body: deleteBody(options, place.defaults, { preconditions, ignoreStoreReadErrorWithClusterBreakingPotential }),
  })
}

export function deleteCollectionRequest(place: Place, options: DeleteCollectionOptions): KubeRequest {
  checkCollectionChoice(options)
  return resourceRequest(place, {
    verb: 'deletecollection',
    method: 'DELETE',
    query: listQuery(options),
    extraQuery: options.query,
    body: deleteBody(options, place.defaults),
  })
}

/** No collection is emptied by accident. @throws {@link InvalidRequestError} without a selector or `all: true`. */
export function checkCollectionChoice(options: DeleteCollectionOptions | undefined): void {
  const selected = selects(formatLabelSelector(options?.labelSelector ?? '')) || selects(options?.fieldSelector)
  if (selected !== (options?.all === true)) return
  throw new InvalidRequestError('deleteCollection needs either a labelSelector or fieldSelector, or `all: true`')
}

/** The server takes a selector of blanks, or of commas only, for "everything". */
function selects(selector: string | undefined): boolean {
  return typeof selector === 'string' && /[^\s,]/.test(selector)
}

/** The server reads its options from the body; from the query it takes only some of them. */
function deleteBody(
  options: CollectionDeleteOptions,
  defaults: RequestDefaults,
  more: object = {},
): string | undefined {
  const { gracePeriodSeconds, propagationPolicy } = options
  const dryRun = isRehearsal(options.dryRun ?? defaults.dryRun) ? ['All'] : undefined
  const wanted = { gracePeriodSeconds, propagationPolicy, dryRun, ...more }
  if (Object.values(wanted).every((value) => value === undefined)) return undefined
  return JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', ...wanted })
}
