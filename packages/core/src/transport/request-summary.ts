import type { KubeRequest, RequestSummary } from '../spec/request.ts'

/** Without the query: the command of an exec travels there. */
export function requestSummary(server: URL, { method, path }: Pick<KubeRequest, 'method' | 'path'>): RequestSummary {
  const query = path.indexOf('?') // a path of `client.request` may have brought its own
  return { method, url: server.origin + (query === -1 ? path : path.slice(0, query)) }
}
