import type { Client as KubeClient, ClientConfig, KubeObject, ResourceDescriptor } from '@kubeclient/core'
import { benchmarkServer, eventCount, measure } from './workload.ts'

const pod: ResourceDescriptor<KubeObject> = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true }

/** What a user writes, with one of the entries of core. */
export function measureKubeclient(createClient: (config: ClientConfig) => KubeClient): Promise<void> {
  const { server, ca } = benchmarkServer()
  const client = createClient({ server, tls: { ca }, credentials: { token: 'abc' }, proxy: false })
  const pods = client.resource(pod)
  return measure({
    get: () => pods.get('web-1'),
    list: async (namespace) => (await pods.list({ namespace })).items.length,
    async watch() {
      let count = 0
      for await (const event of pods.watch()) {
        if (event.type === 'MODIFIED') count += 1
        if (count === eventCount) break
      }
      return count
    },
    close: () => client.close(),
  })
}
