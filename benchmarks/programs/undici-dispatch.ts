// A lower floor: undici's `dispatch` with a handler that collects the body and parses it. It knows no status and no timeout.
import { type Dispatcher, Pool } from 'undici/index.js'
import { countEvents } from '../count-events.ts'
import { benchmarkServer, measure } from '../workload.ts'

const { server, ca } = benchmarkServer()
const pool = new Pool(server, { allowH2: false, connections: 32, connect: { ca } })
const headers = { authorization: 'Bearer abc', accept: 'application/json' }

function send(path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: (_, chunk) => void chunks.push(chunk),
      onResponseEnd: () => resolve(JSON.parse(Buffer.concat(chunks).toString())),
      onResponseError: (_, error) => reject(error),
    }
    pool.dispatch({ method: 'GET', path: `/api/v1/namespaces${path}`, headers }, handler)
  })
}

await measure({
  get: () => send('/default/pods/web-1'),
  list: async (namespace) => ((await send(`/${namespace}/pods`)) as { items: unknown[] }).items.length, // fixed answer
  async watch() {
    const path = '/api/v1/namespaces/default/pods?watch=true'
    return countEvents((await pool.request({ method: 'GET', path, headers })).body)
  },
  close: () => pool.close(),
})
