import type { IncomingHttpHeaders } from 'node:http'

/** A request that was read whole, and is somebody's who may. */
export interface ServedRequest {
  readonly method: string
  /** As sent, still encoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** The media type of the body, without its parameters. */
export function contentTypeOf({ headers }: ServedRequest): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** Who writes: `fieldManager`, else the product in the user agent. */
export function managerOf({ query, headers }: ServedRequest): string {
  const manager = query.get('fieldManager') ?? ''
  if (manager !== '') return manager
  const product = (headers['user-agent'] ?? '').split('/', 1)[0] ?? ''
  return product === '' ? 'unknown' : product.slice(0, 128)
}
