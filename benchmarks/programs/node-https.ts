// The floor without undici: `node:https` with an agent that keeps connections.
import type { IncomingMessage } from 'node:http'
import { Agent, get } from 'node:https'
import { countEvents } from '../count-events.ts'
import { benchmarkServer, measure } from '../workload.ts'

const { server, ca } = benchmarkServer()
const agent = new Agent({ keepAlive: true, maxSockets: 32, ca })
const headers = { authorization: 'Bearer abc', accept: 'application/json' }

function open(path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${server}/api/v1/namespaces${path}`, { agent, headers }, resolve).on('error', reject)
  })
}

async function read(path: string): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of await open(path)) chunks.push(chunk as Buffer) // no encoding is set
  return JSON.parse(Buffer.concat(chunks).toString())
}

await measure({
  get: () => read('/default/pods/web-1'),
  list: async (namespace) => ((await read(`/${namespace}/pods`)) as { items: unknown[] }).items.length, // fixed answer
  watch: async () => countEvents(await open('/default/pods?watch=true')),
  close: () => agent.destroy(),
})
