import type { Answer } from './backend.ts'
import { aggregatedDiscovery, aggregatedType, entityTag } from './discovery.ts'
import { legacyGroup, legacyGroups, legacyResources, legacyVersions } from './discovery.ts'
import { notAcceptable, parseRange } from './representation.ts'
import type { ResourceCatalogue } from './resource-catalogue.ts'
import type { ServedRequest } from './served-request.ts'
import { methodNotAllowed, notSupported } from './status-failure.ts'

export interface DiscoveryOptions {
  /** False: as servers before 1.26. */
  readonly aggregated: boolean
  /** `127.0.0.1:1234`. */
  readonly serverAddress: string
}

/** Health, version and discovery; undefined: some other path. */
export function serveDiscovery(
  request: ServedRequest,
  catalogue: ResourceCatalogue,
  options: DiscoveryOptions,
): Answer | undefined {
  const answer = plainAnswer(request.path) ?? discoveryAnswer(request, catalogue, options)
  if (answer !== undefined && request.method !== 'GET') throw methodNotAllowed()
  return answer
}

function plainAnswer(path: string): Answer | undefined {
  if (['/readyz', '/livez', '/healthz'].includes(path)) return { status: 200, body: 'ok' }
  if (path === '/version') return { status: 200, body: version }
  if (path.startsWith('/openapi/')) throw notSupported('OpenAPI documents')
  return undefined
}

const version = {
  major: '1',
  minor: '37',
  gitVersion: 'v1.37.2',
  gitCommit: 'in-memory',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'in-memory/node',
}

function discoveryAnswer(
  request: ServedRequest,
  catalogue: ResourceCatalogue,
  { aggregated, serverAddress }: DiscoveryOptions,
): Answer | undefined {
  const types = catalogue.all()
  const [root, group, groupVersion, ...more] = request.path.replace(/\/$/, '').split('/').slice(1)
  if (more.length > 0 || (root !== 'api' && root !== 'apis')) return undefined
  if (group === undefined) {
    const ofRoot = types.filter((type) => (type.group === '') === (root === 'api'))
    if (aggregated && wantsAggregated(request.headers.accept)) {
      return aggregatedAnswer(JSON.stringify(aggregatedDiscovery(ofRoot)), request.headers['if-none-match'])
    }
    return found(root === 'api' ? legacyVersions(serverAddress) : legacyGroups(types), request)
  }
  if (root === 'api') return groupVersion === undefined ? found(legacyResources(types, '', group), request) : undefined
  return found(
    groupVersion === undefined ? legacyGroup(types, group) : legacyResources(types, group, groupVersion),
    request,
  )
}

function found(body: object | undefined, { headers }: ServedRequest): Answer | undefined {
  if (body === undefined) return undefined
  checkLegacy(headers.accept)
  return { status: 200, body }
}

function wantsAggregated(accept = ''): boolean {
  for (const { type, parameters } of accept.split(',').flatMap(parseRange)) {
    const as = parameters.get('as')
    if (type === 'application/json' && as === undefined) return false
    if (as === 'APIGroupDiscoveryList' && parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('v') === 'v2')
      return true
  }
  return false
}

/** @throws {@link StatusFailure} 406 when the client takes no plain JSON */
function checkLegacy(accept = ''): void {
  const ranges = accept.split(',').flatMap(parseRange)
  const isPlain = ranges.some(
    ({ type, parameters }) => ['application/json', 'application/*', '*/*'].includes(type) && !parameters.has('as'),
  )
  if (ranges.length > 0 && !isPlain) throw notAcceptable(ranges.some(({ type }) => type === 'application/json'))
}

function aggregatedAnswer(body: string, known: string | undefined): Answer {
  const etag = entityTag(body)
  const headers = { 'cache-control': 'public', etag, vary: 'Accept', 'content-type': aggregatedType }
  return known === etag ? { status: 304, body: '', headers } : { status: 200, body, headers }
}
