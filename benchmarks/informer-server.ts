// A server in a process of its own that makes up the pods of a namespace: as many as its name says, `pods-200`, each of about
// 3.3 kB. After `-events-20000` that many changes follow the initial events.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** All but name, uid and version is the same, as a Deployment makes them. */
const [beforeName, beforeUid, beforeVersion, rest] = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: '@',
    uid: '@',
    resourceVersion: '@',
    namespace: 'default',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'web', 'pod-template-hash': '5d4f8c7b9' },
    managedFields: [
      { manager: 'kubelet', operation: 'Update', fieldsV1: parts(12, (n) => [`f:status-${n}`, { 'f:status': {} }]) },
    ],
  },
  spec: {
    nodeName: 'node-1',
    containers: [{ name: 'web', image: 'nginx:1.29', env: parts(24, (n) => [`VARIABLE_${n}`, `value-${n}`]) }],
  },
  status: {
    phase: 'Running',
    podIP: '10.0.0.1',
    conditions: parts(12, (n) => [`Condition${n}`, { status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }]),
  },
}).split('@')

function parts(count: number, entry: (n: number) => [string, unknown]): object {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => entry(n)))
}

const pod = (n: number, version: number): string =>
  `${beforeName}web-${n}${beforeUid}00000000-0000-4000-8000-${String(n).padStart(12, '0')}${beforeVersion}${version}${rest}`

const bookmark = (version: number): string =>
  `{"type":"BOOKMARK","object":{"apiVersion":"v1","kind":"Pod","metadata":{"resourceVersion":"${version}","annotations":{"k8s.io/initial-events-end":"true"}}}}\n`

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const [, count = '0', events = '0'] = /pods-(\d+)(?:-events-(\d+))?/.exec(pathname) ?? []
  response.setHeader('content-type', 'application/json')
  if (searchParams.get('watch') !== 'true') list(response, Number(count), searchParams)
  else if (searchParams.has('refuse')) refuse(response)
  else if (searchParams.has('sendInitialEvents')) void stream(response, Number(count), Number(events))
  else response.flushHeaders()
})

/** As a server does that cannot stream initial events. */
function refuse(response: ServerResponse): void {
  response.statusCode = 422
  response.end('{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Invalid","code":422}')
}

function list(response: ServerResponse, count: number, query: URLSearchParams): void {
  const from = Number(query.get('continue') ?? 0)
  const to = Math.min(from + Number(query.get('limit') ?? count), count)
  const items = Array.from({ length: to - from }, (_, n) => pod(from + n, 1000 + from + n))
  const more = to < count ? `,"continue":"${to}"` : ''
  response.end(
    `{"apiVersion":"v1","kind":"PodList","metadata":{"resourceVersion":"${1000 + count}"${more}},"items":[${items.join(',')}]}`,
  )
}

async function stream(response: ServerResponse, count: number, events: number): Promise<void> {
  const send = async (line: string): Promise<void> => {
    if (!response.write(line)) await once(response, 'drain')
  }
  for (let n = 0; n < count; n += 1) await send(`{"type":"ADDED","object":${pod(n, 1000 + n)}}\n`)
  await send(bookmark(1000 + count))
  for (let n = 1; n <= events; n += 1) await send(`{"type":"MODIFIED","object":${pod(n % count, 1000 + count + n)}}\n`)
}

process.once('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo // it listens on TCP
  process.send?.(`http://127.0.0.1:${port}`)
})
