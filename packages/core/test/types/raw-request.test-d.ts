import { client } from './client.ts'

interface Stats {
  node: { nodeName: string }
}
await using stats = await client.request({
  path: '/api/v1/nodes/n1/proxy/stats/summary',
  query: { only_cpu_and_memory: true },
})
console.log((await stats.json<Stats>()).node.nodeName)

const metrics = await client.request({ path: '/metrics', headers: { accept: 'text/plain' }, stream: true })
const decoder = new TextDecoder()
for await (const chunk of metrics.body) process.stdout.write(decoder.decode(chunk, { stream: true }))
