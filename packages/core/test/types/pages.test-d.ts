import { isExpired, isKubeError } from '@kubeclient/core'
import { Pod } from './sample-kinds.ts'
import { client } from './client.ts'

const pods = client.resource(Pod)
for await (const page of pods.pages({ pageSize: 100, onExpired: 'restart' })) {
  console.log(page.items.length, 'of', page.metadata.remainingItemCount)
}

const seen = new Map<string, Pod>()
let from: string | undefined
try {
  for await (const pod of pods.items({ continue: from })) seen.set(pod.metadata.uid, pod)
} catch (error) {
  if (!isExpired(error) || !isKubeError(error, 'KUBE_API')) throw error
  from = error.continueToken // go on, knowing that the rest is newer
}
