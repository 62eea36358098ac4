import type { Stored } from '@kubeclient/core'
import { type ContainerStatus, Pod, type PodCondition } from '@kubeclient/resources/core/v1'
import { client } from './client.ts'

function condition(pod: Pod, type: PodCondition['type']): PodCondition | undefined {
  return pod.status?.conditions?.find((each) => each.type === type)
}

function waits({ state }: ContainerStatus): string | undefined {
  return state?.waiting?.reason
}

const broken: Stored<Pod>[] = []
for await (const pod of client.resource(Pod).items({ labelSelector: 'app=web' })) {
  if (condition(pod, 'Ready')?.status !== 'True') broken.push(pod)
}
for (const { metadata, status } of broken) {
  const restarts = status?.containerStatuses?.reduce((sum, each) => sum + each.restartCount, 0) ?? 0
  const since = status?.startTime === undefined ? undefined : new Date(status.startTime)
  console.log(metadata.namespace, metadata.name, status?.phase, restarts, since, status?.containerStatuses?.map(waits))
}
const nodes = Map.groupBy(broken, (pod) => pod.spec?.nodeName)
console.log(nodes.get('n1')?.length)
