import { docComment } from './doc-comment.ts'
import { literal, propertyName } from './literal.ts'
import type { KindOfSchema, NamedSchema, Schema, Served } from './schema.ts'
import { type ResolveRef, typeExpression } from './type-expression.ts'

/** How a module calls the types of core. */
export interface CoreNames {
  readonly KubeObject: string
  readonly ObjectMeta: string
  readonly ResourceDescriptor: string
  readonly CreateOnlyDescriptor: string
}

/** The interface of a schema, and under the same name the descriptor of a kind. */
export function emitSchema({ name, schema, kind }: NamedSchema, resolve: ResolveRef, core: CoreNames): string {
  const doc = docComment(schema.description)
  if (schema.properties === undefined && kind === undefined)
    return `${doc}export type ${name} = ${typeExpression(schema, resolve)}\n`
  const heritage = kind === undefined ? '' : ` extends ${core.KubeObject}`
  const body = [
    ...kindFields(kind, schema, core),
    ...fields(schema, resolve, kind !== undefined),
    ...openFields(schema),
  ]
  const source = `${doc}export interface ${name}${heritage} {${body.length === 0 ? '' : `\n${body.join('')}`}}\n`
  return kind?.served === undefined ? source : source + descriptor(name, kind, kind.served, core)
}

/** Literal types: without them every kind of optional fields would be assignable to every other. */
function kindFields(kind: KindOfSchema | undefined, schema: Schema, core: CoreNames): string[] {
  if (kind === undefined) return []
  const optional = schema.required?.includes('metadata') === true ? '' : '?'
  return [
    `  apiVersion?: ${literal(kind.apiVersion)}\n`,
    `  kind?: ${literal(kind.kind)}\n`,
    `  metadata${optional}: ${core.ObjectMeta}\n`,
  ]
}

function fields({ properties = {}, required = [] }: Schema, resolve: ResolveRef, isKind: boolean): string[] {
  const needed = new Set(required)
  return Object.entries(properties)
    .filter(([name]) => !isKind || !['apiVersion', 'kind', 'metadata'].includes(name))
    .map(([name, schema]) => {
      const optional = needed.has(name) ? '' : '?'
      const doc = docComment(schema.description, '  ')
      const type = optional === '?' && ofEveryObject.has(name) ? 'unknown' : typeExpression(schema, resolve)
      return `${doc}  ${propertyName(name)}${optional}: ${type}\n`
    })
}

/** Every object has these, and of another type than a schema gives them: one that leaves them out would not fit. */
const ofEveryObject: ReadonlySet<string> = new Set([
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  'toString',
  'valueOf',
])

function openFields(schema: Schema): string[] {
  return schema['x-kubernetes-preserve-unknown-fields'] === true ? ['  [field: string]: unknown\n'] : []
}

function descriptor(
  name: string,
  { apiVersion, kind }: KindOfSchema,
  { resource, namespaced, createOnly }: Served,
  core: CoreNames,
): string {
  const type = createOnly ? core.CreateOnlyDescriptor : core.ResourceDescriptor
  const texts = Object.entries({ apiVersion, kind, resource }).map(([field, text]) => `  ${field}: ${literal(text)},\n`)
  return `export const ${name}: ${type}<${name}> = {\n${texts.join('')}  namespaced: ${namespaced},\n}\n`
}
