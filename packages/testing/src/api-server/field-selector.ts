import { valueAt, type ApiObject } from './json.ts'
import { qualifiedPlural, type ResourceType } from './resource-type.ts'
import { badRequest, quote } from './status-failure.ts'

export type FieldMatcher = (object: ApiObject) => boolean

/** Beyond `metadata.name` and `metadata.namespace`, which every kind has. */
const moreFields = new Map<string, readonly string[]>([
  [
    'pods',
    [
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'spec.hostNetwork',
      'status.phase',
      'status.podIP',
      'status.podIPs',
      'status.nominatedNodeName',
    ],
  ],
  ['nodes', ['spec.unschedulable']],
  ['namespaces', ['status.phase']],
  ['secrets', ['type']],
  ['services', ['spec.clusterIP', 'spec.type']],
  ['replicationcontrollers', ['status.replicas']],
  [
    'events',
    [
      'involvedObject.kind',
      'involvedObject.namespace',
      'involvedObject.name',
      'involvedObject.uid',
      'involvedObject.apiVersion',
      'involvedObject.resourceVersion',
      'involvedObject.fieldPath',
      'reason',
      'reportingComponent',
      'source',
      'type',
    ],
  ],
  ['jobs.batch', ['status.successful']],
  [
    'events.events.k8s.io',
    [
      'regarding.kind',
      'regarding.namespace',
      'regarding.name',
      'regarding.uid',
      'regarding.apiVersion',
      'regarding.resourceVersion',
      'regarding.fieldPath',
      'reason',
      'reportingController',
      'type',
    ],
  ],
  ['certificatesigningrequests.certificates.k8s.io', ['spec.signerName']],
])

/**
 * Parses `metadata.name=a,status.phase!=Running`.
 *
 * @throws {@link StatusFailure} 400 for a syntax error, or a field that the kind cannot be selected by
 */
export function parseFieldSelector(text: string, type: ResourceType): FieldMatcher {
  const terms = splitUnescaped(text)
    .filter((term) => term !== '')
    .map((term) => parseTerm(term, text))
  for (const { field } of terms) checkField(field, type)
  return (object) => terms.every(({ field, negated, value }) => (textAt(object, field) === value) !== negated)
}

interface Term {
  readonly field: string
  readonly negated: boolean
  readonly value: string
}

function parseTerm(term: string, whole: string): Term {
  const match = /^((?:[^=!\\]|\\.|!(?!=))*?)(!=|==|=)(.*)$/s.exec(term)
  if (match === null) throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`)
  const [, field = '', operator, value = ''] = match
  return { field, negated: operator === '!=', value: value.replaceAll(/\\([\\,=])/g, '$1') }
}

function splitUnescaped(text: string): string[] {
  return text.match(/(?:[^,\\]|\\.)+/gs) ?? []
}

function checkField(field: string, type: ResourceType): void {
  const name = qualifiedPlural(type)
  const more = moreFields.get(name)
  if (field === 'metadata.name' || more?.includes(field) === true) return
  if (field === 'metadata.namespace' && (type.namespaced || (more === undefined && !type.custom))) return
  if (name === 'jobs.batch') throw badRequest(`field label ${quote(field)} not supported for Job`)
  if (more !== undefined || type.custom) throw badRequest(`field label not supported: ${field}`)
  throw badRequest(`${quote(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`)
}

/** Absent fields are the empty string, numbers and booleans their text. */
function textAt(object: ApiObject, field: string): string {
  const value = valueAt(object, field.split('.'))
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
