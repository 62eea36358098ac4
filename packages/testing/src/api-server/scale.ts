import { isObject, valueAt, withValueAt, type ApiObject, type JsonObject, textOf } from './json.ts'
import type { ResourceType, ScalePaths } from './resource-type.ts'
import { invalid, invalidValue } from './status-failure.ts'

/** @see https://kubernetes.io/docs/reference/kubernetes-api/autoscaling/scale-v1/ */
export function scaleOf({ metadata, ...object }: ApiObject, paths: ScalePaths): ApiObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  const replicas = valueAt(object, paths.specReplicas)
  const selector = selectorText(paths.selector && valueAt(object, paths.selector))
  const identity = { name, namespace, uid, resourceVersion, creationTimestamp }
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    // A cast: a cluster-scoped object has no namespace, and JSON drops what is undefined.
    metadata: identity as ApiObject['metadata'],
    spec: typeof replicas === 'number' ? { replicas } : {},
    status: { replicas: valueAt(object, paths.statusReplicas) ?? 0, ...(selector !== '' && { selector }) },
  }
}

/** @throws {@link StatusFailure} 422 for less than zero */
export function withScale(object: ApiObject, scale: JsonObject, type: ResourceType): JsonObject {
  const replicas = valueAt(scale, ['spec', 'replicas']) ?? 0
  if (typeof replicas !== 'number' || replicas < 0) {
    const cause = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, object.metadata.name, [cause])
  }
  return withValueAt(object, type.scale?.specReplicas ?? [], replicas)
}

/** `a=b,c in (d,e)`, from a string, a LabelSelector, or the plain map of a ReplicationController. */
function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector
  if (!isObject(selector)) return ''
  const { matchLabels, matchExpressions } = selector
  const isPlain = matchLabels === undefined && matchExpressions === undefined
  const labels = Object.entries(isPlain ? selector : isObject(matchLabels) ? matchLabels : {})
  const equal = labels.map(([key, value]) => [key, `${key}=${textOf(value)}`] as const)
  const more = (Array.isArray(matchExpressions) ? matchExpressions : []).filter(isObject).map(expressionText)
  const sorted = [...equal, ...more].toSorted(([left], [right]) => (left < right ? -1 : 1))
  return sorted.map(([, text]) => text).join(',')
}

function expressionText({ key, operator, values }: JsonObject): readonly [string, string] {
  const [name, list] = [textOf(key), (Array.isArray(values) ? values : []).join(',')]
  if (operator === 'Exists') return [name, name]
  if (operator === 'DoesNotExist') return [name, `!${name}`]
  return [name, `${name} ${operator === 'NotIn' ? 'notin' : 'in'} (${list})`]
}
