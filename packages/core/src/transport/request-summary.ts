import type { KubeRequest, RequestSummary } from '../spec/request.ts'

/** Without the query: the command of an exec travels there. */
export function requestSummary(server: URL, { method, path }: Pick<KubeRequest, 'method' | 'path'>): RequestSummary {
  return { method, url: server.origin + path }
}
