import { InvalidRequestError } from '../spec/errors.ts'
import type { ResourceTarget } from './place.ts'

/** What of a resource is addressed. */
export interface PathParts {
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly subresource?: string | undefined
}

/**
 * The path of a collection or of one object in it, encoded, without the server's prefix.
 *
 * @throws {@link InvalidRequestError} for a segment that could address something else.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
export function resourcePath(target: ResourceTarget, { namespace, name, subresource }: PathParts = {}): string {
  let path = groupVersionPath(target.apiVersion)
  if (namespace !== undefined) path += `/namespaces/${segment(namespace, 'namespace')}`
  path += `/${segment(target.resource, 'resource')}`
  if (name !== undefined) path += `/${segment(name, 'name')}`
  if (subresource !== undefined) path += `/${segment(subresource, 'subresource')}`
  return path
}

/** `/api/v1`, `/apis/apps/v1`. */
function groupVersionPath(apiVersion: string): string {
  if (typeof apiVersion !== 'string') throw new InvalidRequestError('the apiVersion is missing')
  const slash = apiVersion.indexOf('/')
  if (slash === -1) return `/api/${segment(apiVersion, 'apiVersion')}`
  return `/apis/${segment(apiVersion.slice(0, slash), 'group')}/${segment(apiVersion.slice(slash + 1), 'version')}`
}

// Every code unit that is a control character, or that could begin another segment or an escape.
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const forbidden = /[/%\u0000-\u001f\u007f]/

/** What needs neither a check nor an encoding. */
const plain = /^[A-Za-z0-9][-A-Za-z0-9_.]*$/

/**
 * One segment of a path. An empty or a relative one would address the collection instead of the object, so both are
 * refused before anything is sent.
 */
export function segment(value: string, what: string): string {
  if (typeof value === 'string' && plain.test(value)) return value // nearly all are; a path takes 0.4 µs then, and 1.0 otherwise
  if (typeof value !== 'string' || value === '') throw new InvalidRequestError(`the ${what} is empty`)
  if (value === '.' || value === '..' || forbidden.test(value) || !value.isWellFormed()) {
    throw new InvalidRequestError(
      `${JSON.stringify(value)} is no ${what}: it may not be "." or "..", nor hold "/", "%", control characters or half a character`,
    )
  }
  return encodeURIComponent(value)
}
