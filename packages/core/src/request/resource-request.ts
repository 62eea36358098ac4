import { InvalidRequestError } from '../spec/errors.ts'
import type { KubeRequest, Operation } from '../spec/request.ts'
import type { QueryOptions } from './options.ts'
import type { Place, Rendering } from './place.ts'
import { addQuery, queryOf } from './query.ts'
import { resourcePath } from './resource-path.ts'

/** What distinguishes one verb's request from another's. */
export interface RequestParts {
  readonly verb: Operation['verb']
  readonly method: string
  readonly name?: string | undefined
  readonly subresource?: string | undefined
  readonly query?: QueryOptions | undefined
  /** The caller's own parameters, after ours. */
  readonly extraQuery?: QueryOptions | undefined
  readonly body?: string | undefined
  /** @defaultValue 'application/json' with a body */
  readonly contentType?: string | undefined
  readonly kind?: KubeRequest['kind'] | undefined
}

/** The request of one verb at one place: plain data, built without I/O. */
export function resourceRequest(place: Place, parts: RequestParts): KubeRequest {
  const { target, namespace, defaults, rendering } = place
  const { verb, method, name, subresource, body } = parts
  const query = queryOf(parts.query)
  if (parts.extraQuery !== undefined) addQuery(query, parts.extraQuery)
  const headers: Record<string, string | readonly string[]> = { ...defaults.headers, accept: accept(rendering, verb) }
  if (body !== undefined) headers['content-type'] = parts.contentType ?? 'application/json'
  return {
    method,
    path: defaults.pathPrefix + resourcePath(target, { namespace, name, subresource }),
    query,
    headers,
    ...(body !== undefined && { body }),
    kind: parts.kind ?? 'unary',
    operation: {
      verb,
      resource: target.resource,
      ...(subresource !== undefined && { subresource }),
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
    },
  }
}

/** @throws {@link InvalidRequestError} for what is no JSON; a message of JavaScript's own would quote names in it */
export function jsonOf(value: object): string {
  let text: string | undefined
  try {
    text = JSON.stringify(value) as string | undefined // functions have none
  } catch {
    // A circle, a bigint, or a toJSON that throws.
  }
  if (text !== undefined) return text
  throw new InvalidRequestError('the body is no JSON: it is, or holds, a circle, a bigint or a function')
}

/** Plain JSON stays acceptable: a server or proxy that knows no other rendering answers with whole objects. */
function accept(rendering: Rendering | undefined, verb: Operation['verb']): string {
  if (rendering === undefined) return 'application/json'
  const list = rendering === 'PartialObjectMetadata' && (verb === 'list' || verb === 'deletecollection') ? 'List' : ''
  return `application/json;as=${rendering}${list};g=meta.k8s.io;v=v1,application/json;q=0.9`
}
