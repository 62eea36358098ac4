import { parseFieldSelector } from './field-selector.ts'
import type { ApiObject } from './json.ts'
import { parseLabelSelector } from './label-selector.ts'
import type { Target } from './resolve-target.ts'
import { badRequest, forbiddenValue, internalError, invalidOptions, unsupportedValue } from './status-failure.ts'
import type { FieldCause } from './status-failure.ts'

/** What a list, a watch and a DELETE of a collection select. */
export interface Selection {
  readonly matches: (object: ApiObject) => boolean
  /** A selector was given: the server then does not count what remains. */
  readonly isNarrowed: boolean
}

export function selectionOf({ type, namespace }: Target, query: URLSearchParams): Selection {
  const [labels, fields] = [query.get('labelSelector') ?? '', query.get('fieldSelector') ?? '']
  const matchesLabels = parseLabelSelector(labels)
  const matchesFields = parseFieldSelector(fields, type)
  return {
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      matchesLabels(object.metadata.labels ?? {}) &&
      matchesFields(object),
    isNarrowed: labels !== '' || fields !== '',
  }
}

/** Go's `strconv.ParseBool` with everything else true: how the API server reads its boolean parameters. */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name)
  return text !== null && !['', 'false', '0', 'f', 'F', 'FALSE', 'False'].includes(text)
}

/** @throws {@link StatusFailure} 400 */
export function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? ''
  if (text === '') return undefined
  if (!/^[+-]?\d{1,18}$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  return Number(text)
}

/** A version as a number; undefined when none was given. */
export function versionOf(text: string | null): number | undefined {
  if (text === null || text === '') return undefined
  if (!/^\d{1,19}$/.test(text)) {
    const why = `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`
    throw internalError(`resourceVersion: ${why}`)
  }
  return Number(text)
}

/** @throws {@link StatusFailure} 422 for parameters that exclude each other */
export function checkListOptions(query: URLSearchParams, isWatch: boolean): void {
  const causes = isWatch || query.has('sendInitialEvents') ? watchCauses(query, isWatch) : listCauses(query)
  if (causes.length > 0) throw invalidOptions('ListOptions', causes)
}

function listCauses(query: URLSearchParams): FieldCause[] {
  const [match, version] = [query.get('resourceVersionMatch') ?? '', query.get('resourceVersion') ?? '']
  const field = 'resourceVersionMatch'
  if (match === '') return []
  const causes: FieldCause[] = []
  if ((query.get('continue') ?? '') !== '')
    causes.push(forbiddenValue(field, `${field} is forbidden when continue is provided`))
  if (version === '') causes.push(forbiddenValue(field, `${field} is forbidden unless resourceVersion is provided`))
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    causes.push(unsupportedValue(field, match, ['Exact', 'NotOlderThan', '']))
  }
  if (match === 'Exact' && version === '0') {
    causes.push(forbiddenValue(field, `${field} "exact" is forbidden for resourceVersion "0"`))
  }
  return causes
}

function watchCauses(query: URLSearchParams, isWatch: boolean): FieldCause[] {
  const match = query.get('resourceVersionMatch') ?? ''
  const field = 'resourceVersionMatch'
  if (!isWatch) return [forbiddenValue('sendInitialEvents', 'sendInitialEvents is forbidden for list')]
  const causes: FieldCause[] = []
  if (query.has('sendInitialEvents')) {
    if (match !== 'NotOlderThan') {
      causes.push(forbiddenValue(field, `sendInitialEvents requires setting ${field} to NotOlderThan`))
      if (match !== '') causes.push(unsupportedValue(field, match, ['NotOlderThan']))
    }
  } else if (match !== '') {
    causes.push(forbiddenValue(field, `${field} is forbidden for watch unless sendInitialEvents is provided`))
  }
  if ((query.get('continue') ?? '') !== '') {
    causes.push(forbiddenValue(field, `${field} is forbidden when continue is provided`))
  }
  return causes
}
