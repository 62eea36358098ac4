// The floor: what a careful programmer writes by hand with undici's documented API.
import { Agent, request } from 'undici/index.js'
import { countEvents } from '../count-events.ts'
import { benchmarkServer, measure } from '../workload.ts'

const { server, ca } = benchmarkServer()
const dispatcher = new Agent({ allowH2: false, connections: 32, connect: { ca } })
const headers = { authorization: 'Bearer abc', accept: 'application/json' }
const namespaces = `${server}/api/v1/namespaces`
const open = async (path: string) => (await request(namespaces + path, { dispatcher, headers })).body

await measure({
  get: async () => (await open('/default/pods/web-1')).json(),
  async list(namespace) {
    const list = (await (await open(`/${namespace}/pods`)).json()) as { items: unknown[] } // the server's fixed answer
    return list.items.length
  },
  watch: async () => countEvents(await open('/default/pods?watch=true')),
  close: () => dispatcher.close(),
})
