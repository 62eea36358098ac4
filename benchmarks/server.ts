// A TLS server in a process of its own that answers with fixed bytes, so that only the client is measured.
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createCertificateAuthority } from '../packages/testing/src/certificates.ts'
import { eventCount } from './workload.ts'

const listOf = 5000

const pod = (n: number): object => ({
  metadata: {
    name: `web-${n}`,
    namespace: 'default',
    uid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    resourceVersion: String(1000 + n),
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'web', 'pod-template-hash': '5d4f8c7b9' },
    managedFields: [{ manager: 'kubelet', operation: 'Update', fieldsV1: Object.fromEntries(fields('f:status', 24)) }],
  },
  spec: { nodeName: `node-${n % 50}`, containers: [{ name: 'web', image: 'nginx:1.29', env: environment(12) }] },
  status: { phase: 'Running', podIP: '10.0.0.1', conditions: conditions(5) },
})
const fields = (prefix: string, count: number): [string, object][] =>
  Array.from({ length: count }, (_, n) => [`${prefix}-${n}`, { 'f:lastTransitionTime': {}, 'f:status': {} }])
const environment = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({ name: `VARIABLE_${n}`, value: `value-${n}` }))
const conditions = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({
    type: `Condition${n}`,
    status: 'True',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }))

const one = Buffer.from(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...pod(1) }))
const items = Array.from({ length: listOf }, (_, n) => pod(n))
const listOfPods = (pods: object[]): Buffer =>
  Buffer.from(JSON.stringify({ apiVersion: 'v1', kind: 'PodList', metadata: { resourceVersion: '9000' }, items: pods }))
const list = listOfPods(items)
const short = listOfPods(items.slice(0, 3))
const event = `${JSON.stringify({ type: 'MODIFIED', object: { apiVersion: 'v1', kind: 'Pod', ...pod(1) } })}\n`
const events = Buffer.from(event.repeat(100))

const authority = await createCertificateAuthority({ commonName: 'benchmark' })
const { cert, key } = await authority.issue({ commonName: 'server', sans: ['127.0.0.1'] })
let connections = 0
const server = createServer({ cert, key }, (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://127.0.0.1')
  response.setHeader('content-type', 'application/json')
  if (searchParams.get('watch') === 'true') {
    let left = eventCount / 100
    const more = (): void => {
      while (left > 0) {
        left -= 1
        if (!response.write(events)) {
          response.once('drain', more)
          return
        }
      }
      response.end()
    }
    more()
    return
  }
  if (!pathname.endsWith('/pods')) response.end(one)
  else response.end(pathname.includes('/small/') ? short : list)
})
server.on('secureConnection', () => (connections += 1))
/** Answers how many connections there were since it was asked last. */
process.on('message', () => {
  process.send?.(connections)
  connections = 0
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo // listens on TCP, so it has a port
  console.log(JSON.stringify({ server: `https://127.0.0.1:${port}`, ca: authority.cert }))
})
process.once('disconnect', () => process.exit())
