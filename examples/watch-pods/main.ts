// Prints what becomes of the pods in the namespace that kubectl would look at: node main.ts [label selector]. Ctrl-C ends it.
import { createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { followPods } from './follow-pods.ts'

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())

const client = createClient(await loadKubeconfig())
try {
  for await (const { type, object } of followPods(client, {
    labelSelector: process.argv[2],
    signal: interrupted.signal,
  })) {
    const { phase } = (object['status'] ?? {}) as { phase?: string } // of a pod
    console.log(`${type}\t${object.metadata.name}\t${phase ?? ''}`)
  }
} catch (error) {
  if (!interrupted.signal.aborted) throw error
} finally {
  await client.close()
}
