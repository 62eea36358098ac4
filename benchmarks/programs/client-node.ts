import { benchmarkServer, measure } from '../workload.ts'

/** The part of `@kubernetes/client-node` that is measured. It is installed when it is asked for, and never by `npm test`. */
export interface ClientNode {
  readonly CoreV1Api: object
  readonly KubeConfig: new () => {
    loadFromOptions(options: object): void
    makeApiClient(api: object): PodApi
  }
  readonly Watch: new (config: object) => {
    watch(path: string, query: object, each: (phase: string) => void, done: (error: unknown) => void): Promise<unknown>
  }
}

interface PodApi {
  readNamespacedPod(of: { name: string; namespace: string }): Promise<unknown>
  listNamespacedPod(of: { namespace: string }): Promise<{ items: unknown[] }>
}

/** What its documentation shows. */
export function measureClientNode({ CoreV1Api, KubeConfig, Watch }: ClientNode): Promise<void> {
  const { server, ca } = benchmarkServer()
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: [{ name: 'c', server, caData: Buffer.from(ca).toString('base64') }],
    users: [{ name: 'u', token: 'abc' }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  })
  const api = config.makeApiClient(CoreV1Api)
  return measure({
    get: () => api.readNamespacedPod({ name: 'web-1', namespace: 'default' }),
    list: async (namespace) => (await api.listNamespacedPod({ namespace })).items.length,
    watch: () =>
      new Promise((resolve, reject) => {
        let count = 0
        const each = (phase: string): void => void (phase === 'MODIFIED' && (count += 1))
        // Its watch ends with an error, also where the server ended it.
        const done = (error: unknown): void => (count === 20_000 ? resolve(count) : reject(error))
        new Watch(config).watch('/api/v1/namespaces/default/pods', {}, each, done).catch(reject)
      }),
    close: () => undefined,
  })
}
