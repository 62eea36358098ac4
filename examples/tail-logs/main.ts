// Prints what the containers of all matching pods say, those that start later too, until Ctrl-C: node main.ts app=web
import { createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { followLogs } from '@kubeclient/streams'

const [selector] = process.argv.slice(2)
if (selector === undefined) throw new Error('node main.ts SELECTOR')

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())

const client = createClient(await loadKubeconfig())
try {
  for await (const { prefix, text } of followLogs(client, selector, {
    tailLines: 10,
    signal: interrupted.signal,
    onError: (error, { pod, container }) => console.error(`${pod}/${container}:`, error),
  }))
    console.log(`${prefix}${text}`)
} catch (error) {
  if (!interrupted.signal.aborted) throw error
} finally {
  await client.close()
}
