import { createClient, type KubeObject, type ResourceDescriptor } from '@kubeclient/core'
import { measure } from '../workload.ts'

const { server, ca } = JSON.parse(process.env['BENCHMARK_SERVER'] ?? '') as { server: string; ca: string } // run.ts sets it
const client = createClient({ server, tls: { ca }, credentials: { token: 'abc' }, proxy: false })
const pod: ResourceDescriptor<KubeObject> = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true }
const pods = client.resource(pod)

await measure({
  get: () => pods.get('web-1'),
  list: async () => (await pods.list()).items.length,
  watch: async () => {
    let count = 0
    for await (const event of pods.watch()) if (event.type === 'MODIFIED') count += 1
    return count
  },
  close: () => client.close(),
})
