import type { Schema } from '@kubeclient/type-generator'

interface KnownValues {
  readonly type: RegExp
  readonly field: string
  readonly values: readonly string[]
}

/** Values that the documents tell in prose only. */
const known: readonly KnownValues[] = [
  { type: /Condition$/, field: 'status', values: ['True', 'False', 'Unknown'] },
  {
    type: /^(?:Label|Field)SelectorRequirement$/,
    field: 'operator',
    values: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
  },
  { type: /^ContainerRestartRuleOnExitCodes$/, field: 'operator', values: ['In', 'NotIn'] },
  { type: /^DeleteOptions$/, field: 'propagationPolicy', values: ['Foreground', 'Background', 'Orphan'] },
]

/** The schema of a type, with what is known of it besides. */
export function refine<T extends Schema>(type: string, schema: T): T {
  const { properties = {} } = schema
  const isProse = (field: string): boolean =>
    properties[field]?.type === 'string' && properties[field].enum === undefined
  const found = known.filter((each) => each.type.test(type) && isProse(each.field))
  if (found.length === 0) return schema
  const refined = found.map(({ field, values }) => [field, { ...properties[field], enum: values }] as const)
  return { ...schema, properties: { ...properties, ...Object.fromEntries(refined) } }
}
