import { emitModule, type NamedSchema } from '@kubeclient/type-generator'
import type { Documents } from './documents.ts'
import { schemasOfModules } from './modules.ts'
import { placeOf, typeFromElsewhere, typesOfCore } from './places.ts'

/** The sources of the package, by their path in `src`. */
export function moduleSources(documents: Documents): Map<string, string> {
  const modules = schemasOfModules(documents)
  return new Map(
    [...modules].map(([module, schemas]) => [`${module}.ts`, moduleSource(module, schemas, documents.kubernetes)]),
  )
}

function moduleSource(module: string, schemas: readonly NamedSchema[], kubernetes: string): string {
  const source = emitModule({
    header: [`Generated from the OpenAPI documents of Kubernetes ${kubernetes}: change the generator, not this file.`],
    schemas,
    resolve: (ref) => resolve(ref.slice('#/components/schemas/'.length), module),
  })
  return module === 'meta/v1' ? `${source}\n${commonTypes}` : source
}

function resolve(schemaName: string, module: string): ReturnType<Parameters<typeof emitModule>[0]['resolve']> {
  const type = typeFromElsewhere(schemaName)
  if (typeof type === 'object' && type.from === `../${module}.ts`) return type.name
  if (type !== undefined) return type
  const place = placeOf(schemaName)
  return place.module === module ? place.type : { from: `../${place.module}.ts`, name: place.type }
}

const commonTypes = `export type { ${typesOfCore.join(', ')} } from '@kubeclient/core/spec'

/** A whole number, or text: a port's number or name, a count or a percentage such as \`25%\`. */
export type IntOrString = number | string

/**
 * An amount: \`500m\`, \`1Gi\`, \`2\`. The server takes numbers as well, and writes text.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export type Quantity = string | number
`
