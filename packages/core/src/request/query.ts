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
    if (typeof value === 'object') for (const item of value) query.push([name, item])
    else query.push([name, String(value)])
  }
}
