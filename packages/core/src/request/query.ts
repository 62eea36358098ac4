import { InvalidRequestError } from '../spec/errors.ts'
import type { QueryOptions } from './options.ts'

export type Query = [name: string, value: string][]

/** A query from options, in the order given; `undefined` is left out and arrays repeat the name. */
export function queryOf(options: QueryOptions | undefined): Query {
  const query: Query = []
  if (options !== undefined) addQuery(query, options)
  return query
}

export function addQuery(query: Query, options: QueryOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    if (typeof value !== 'object') add(query, name, String(value))
    else for (const item of listOf(name, value)) add(query, name, item)
  }
}

/** What a program without types can pass: `fieldSelector` as an object, say. */
function listOf(name: string, value: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value
  throw new InvalidRequestError(
    `the query parameter ${JSON.stringify(name)} is null or an object: it must be text, a number, a boolean or a list of texts`,
  )
}

function add(query: Query, name: string, value: string): void {
  if (!name.isWellFormed() || !value.isWellFormed()) {
    throw new InvalidRequestError(
      `the query parameter ${JSON.stringify(name)} holds half a character (a lone surrogate)`,
    )
  }
  query.push([name, value])
}
