import { InvalidRequestError } from '../spec/errors.ts'
import type { KubeRequest } from '../spec/request.ts'
import type { WriteOptions } from './options.ts'
import type { Patch } from './patch.ts'
import type { Place } from './place.ts'
import { writeRequest } from './write.ts'

const contentTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
} as const

/** @see https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/ */
export function patchRequest<T>(
  place: Place,
  name: string,
  patch: Patch<T>,
  options: WriteOptions,
  subresource?: string,
): KubeRequest {
  const { contentType, content } = chosen(patch)
  return writeRequest(place, { verb: 'patch', method: 'PATCH', name, subresource, contentType }, content, options)
}

function chosen<T>(patch: Patch<T>): { contentType: string; content: object } {
  const { merge, strategic, json }: Partial<Patch<T>> = patch ?? {}
  const given = Object.entries({ merge, strategic, json }).flatMap(([kind, content]) =>
    content === undefined ? [] : [{ kind, content }],
  )
  const [only, ...more] = given
  if (only === undefined || more.length > 0 || typeof only.content !== 'object' || only.content === null) {
    throw new InvalidRequestError('a patch is exactly one of { merge }, { strategic } and { json }')
  }
  if (Array.isArray(only.content) !== (only.kind === 'json')) {
    throw new InvalidRequestError(
      'a { json } patch is a list of operations, and a { merge } or { strategic } one an object',
    )
  }
  const contentType = contentTypes[only.kind as keyof typeof contentTypes] // entries() widens the keys to string
  return { contentType, content: only.content }
}
