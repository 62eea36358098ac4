import { segment } from '../request/resource-path.ts'
import type { ProxyUrlOptions } from './client.ts'

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
  const scope = resource === 'nodes' ? '' : `/namespaces/${segment(namespace, 'namespace')}`
  const portPart = port === undefined ? '' : segment(String(port), 'port')
  const plain = scheme === undefined && portPart === '' ? segment(name, 'name') : `${segment(name, 'name')}:${portPart}`
  const target = scheme === undefined ? plain : `${scheme}:${plain}`
  return `/api/v1${scope}/${resource}/${target}/proxy/${path.replace(/^\//, '')}`
}
