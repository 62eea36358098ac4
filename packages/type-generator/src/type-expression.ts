import { literal } from './literal.ts'
import type { Schema } from './schema.ts'

/** How a module calls the types that its schemas refer to. */
export type ResolveRef = (ref: string) => string

/** The TypeScript type of a value of this schema. Objects with properties have been given names before. */
export function typeExpression(schema: Schema, resolve: ResolveRef): string {
  const type = withoutNull(schema, resolve)
  return schema.nullable === true && type !== 'unknown' ? `${type} | null` : type
}

function withoutNull(schema: Schema, resolve: ResolveRef): string {
  const ref = schema.$ref ?? schema.allOf?.find(({ $ref }) => $ref !== undefined)?.$ref
  if (ref !== undefined) return resolve(ref)
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') return 'number | string'
  if (schema.type === 'array') return arrayOf(typeExpression(schema.items ?? {}, resolve))
  if (schema.type === 'object') return mapType(schema, resolve)
  if (schema.type === 'string') return stringType(schema.enum)
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type === 'boolean') return 'boolean'
  return 'unknown'
}

function mapType({ additionalProperties }: Schema, resolve: ResolveRef): string {
  if (typeof additionalProperties !== 'object') return '{ [field: string]: unknown }'
  return `{ [key: string]: ${typeExpression(additionalProperties, resolve)} }`
}

function arrayOf(item: string): string {
  return /^[\w.]+(?:\[\])*$/.test(item) ? `${item}[]` : `(${item})[]`
}

/** Servers add values with time, so the list is open. */
function stringType(values: readonly unknown[] | undefined): string {
  const known = [...new Set(values ?? [])].filter((value) => typeof value === 'string')
  return known.length === 0 ? 'string' : `${known.map(literal).join(' | ')} | (string & {})`
}
