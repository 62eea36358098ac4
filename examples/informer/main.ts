// A live table of the pods that kubectl would list: node main.ts [label selector]. Ctrl-C ends it.
import { createClient } from '@kubeclient/core'
import { createInformer, withoutManagedFields } from '@kubeclient/informer'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { type Pod, podTable } from './pod-table.ts'

const client = createClient(await loadKubeconfig())
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())

const pods = createInformer(client.resource<Pod>('pods'), {
  labelSelector: process.argv[2],
  transform: withoutManagedFields, // a table has no use for them
  signal: interrupted.signal,
})

/** Many changes at once are one picture. */
let isDue = false
const draw = (): void => {
  if (isDue) return
  isDue = true
  setTimeout(() => {
    isDue = false
    const clear = process.stdout.isTTY ? '\u001B[2J\u001B[H' : ''
    console.log(clear + podTable(pods.list(), pods.health))
  }, 100)
}

draw()
for await (const _ of pods.changes()) draw()
await pods.stop()
await client.close()
