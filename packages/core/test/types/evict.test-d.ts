import { isTooManyRequests } from '@kubeclient/core'
import { Pod } from './sample-kinds.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { client } from './client.ts'

const pods = client.resource(Pod)
for await (const pod of pods.items({ fieldSelector: 'spec.nodeName=n1' })) {
  const { name, namespace, uid } = pod.metadata
  const evict = () =>
    pods.subresource('eviction').create(name, { deleteOptions: { preconditions: { uid } } }, { namespace })
  const status = await evict().catch(async (error: unknown) => {
    if (!isTooManyRequests(error)) throw error // a disruption budget says: later
    await sleep(1000 * (error.retryAfterSeconds ?? 10))
    return await evict()
  })
  console.log(name, status.status)
}
