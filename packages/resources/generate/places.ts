import type { ImportedType } from '@kubeclient/type-generator'

const core = '@kubeclient/core/spec'

/** `io.k8s.api.apps.v1.Deployment` is `Deployment` of the module `apps/v1`: the names that Kubernetes gives its Go packages. */
export function placeOf(schemaName: string): { readonly module: string; readonly type: string } {
  const [group = '', version = '', type = ''] = schemaName.split('.').slice(-3)
  return { module: `${group}/${version}`, type }
}

/** What core exports of `meta/v1`; this package exports it again. */
export const typesOfCore = [
  'ListMeta',
  'ManagedFieldsEntry',
  'ObjectMeta',
  'OwnerReference',
  'PartialObjectMetadata',
  'Status',
  'StatusCause',
  'StatusDetails',
  'Table',
] as const

const byHand = new Map<string, string | ImportedType>([
  ['api.resource.Quantity', { from: '../meta/v1.ts', name: 'Quantity' }],
  ['util.intstr.IntOrString', { from: '../meta/v1.ts', name: 'IntOrString' }],
  ['meta.v1.Time', 'string'],
  ['meta.v1.MicroTime', 'string'],
  ['meta.v1.FieldsV1', 'object'],
  ['pkg.runtime.RawExtension', 'object'],
  ['apiextensions.v1.JSON', 'unknown'],
  ['apiextensions.v1.JSONSchemaPropsOrArray', 'JSONSchemaProps | JSONSchemaProps[]'],
  ['apiextensions.v1.JSONSchemaPropsOrBool', 'JSONSchemaProps | boolean'],
  ['apiextensions.v1.JSONSchemaPropsOrStringArray', 'JSONSchemaProps | string[]'],
  ...typesOfCore.map((name) => [`meta.v1.${name}`, { from: core, name }] as const),
])

/** A type that has no interface among the generated ones. */
export function typeFromElsewhere(schemaName: string): string | ImportedType | undefined {
  return byHand.get(schemaName.split('.').slice(-3).join('.'))
}
