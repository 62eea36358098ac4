import { isNotFound, isStatus } from '@kubeclient/core'
import { Pod } from './sample-kinds.ts'
import { client } from './client.ts'

const pods = client.resource(Pod)
try {
  const result = await pods.delete('hello', { gracePeriodSeconds: 0, propagationPolicy: 'Background' })
  if (isStatus(result)) console.log('gone', result.details?.uid)
  else console.log('terminating since', result.metadata.deletionTimestamp, 'on', result.spec?.nodeName)
} catch (error) {
  if (!isNotFound(error)) throw error
}
const all = await pods.deleteCollection({ labelSelector: 'job=done', propagationPolicy: 'Foreground' })
console.log(isStatus(all) ? all.status : all.items.length)
await pods.deleteCollection({ all: true, namespace: 'scratch' })
