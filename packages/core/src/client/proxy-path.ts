import { InvalidRequestError } from '../spec/errors.ts'
import { segment } from '../request/resource-path.ts'
import type { ProxyUrlOptions } from './client.ts'

const proxied: ReadonlySet<string> = new Set(['pods', 'services', 'nodes'])

/**
 * The path of the API server's own proxy to a pod, service or node.
 *
 * @see https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls
 */
export function proxyPath(
  resource: 'pods' | 'services' | 'nodes',
  name: string,
  { port, scheme, path = '', namespace }: ProxyUrlOptions & { namespace: string },
): string {
  if (!proxied.has(resource))
    throw new InvalidRequestError(`${JSON.stringify(resource)} have no proxy: pods, services and nodes do`)
  checkPath(path)
  const scope = resource === 'nodes' ? '' : `/namespaces/${segment(namespace, 'namespace')}`
  const portPart = port === undefined ? '' : segment(String(port), 'port')
  const plain = scheme === undefined && portPart === '' ? segment(name, 'name') : `${segment(name, 'name')}:${portPart}`
  const target = scheme === undefined ? plain : `${scheme}:${plain}`
  return `/api/v1${scope}/${resource}/${target}/proxy/${path.replace(/^\//, '')}`
}

// oxlint-disable-next-line no-control-regex -- URL parsers drop some of them, which could make a "..".
const control = /[\u0000-\u001f]/

/** A parser of URLs takes `..`, also as `%2e%2e` and after a backslash, out of the path, and what is before it. */
function checkPath(path: string): void {
  const [beforeQuery = ''] = path.split(/[?#]/, 1)
  const dots = beforeQuery.split(/[/\\]/).some((part) => /^\.{1,2}$/.test(part.replaceAll(/%2e/gi, '.')))
  if (!dots && !control.test(path)) return
  throw new InvalidRequestError(
    `${JSON.stringify(path)} is no path below the proxy: it climbs with "..", or holds control characters`,
  )
}
