// The floor: what a careful programmer writes by hand with undici's documented API.
import { Agent, request } from 'undici/index.js'
import { measure } from '../workload.ts'

const { server, ca } = JSON.parse(process.env['BENCHMARK_SERVER'] ?? '') as { server: string; ca: string } // run.ts sets it
const dispatcher = new Agent({ allowH2: false, connections: 32, connect: { ca } })
const headers = { authorization: 'Bearer abc', accept: 'application/json' }
const base = `${server}/api/v1/namespaces/default/pods`
const newline = 10

await measure({
  get: async () => (await request(`${base}/web-1`, { dispatcher, headers })).body.json(),
  list: async () => {
    const { body } = await request(base, { dispatcher, headers })
    return ((await body.json()) as { items: unknown[] }).items.length // the server's fixed answer
  },
  watch: async () => {
    const { body } = await request(`${base}?watch=true`, { dispatcher, headers })
    let count = 0
    let rest: Buffer = Buffer.alloc(0)
    for await (const chunk of body as AsyncIterable<Buffer>) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let start = 0
      for (let end = rest.indexOf(newline); end >= 0; start = end + 1, end = rest.indexOf(newline, start)) {
        const event = JSON.parse(rest.toString('utf8', start, end)) as { type: string } // the server's fixed answer
        if (event.type === 'MODIFIED') count += 1
      }
      rest = rest.subarray(start)
    }
    return count
  },
  close: () => dispatcher.close(),
})
