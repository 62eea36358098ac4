import type { KubeObject } from '@kubeclient/core'

/** What is read of a pod. */
export interface LogPod extends KubeObject {
  metadata: { name: string; namespace?: string; uid?: string }
  status?: {
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
    ephemeralContainerStatuses?: ContainerStatus[]
  }
}

interface ContainerStatus {
  name: string
  restartCount?: number
  state?: { running?: { startedAt?: string }; terminated?: { startedAt?: string } }
}

/** A container that has a log. */
export interface StartedContainer {
  readonly pod: LogPod
  readonly podUid: string
  readonly name: string
  /** Another one after each restart. */
  readonly life: string
}

export function startedContainers(pod: LogPod): StartedContainer[] {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {}
  return [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].flatMap(
    ({ name, restartCount = 0, state }) => {
      const started = state?.running ?? state?.terminated
      if (started === undefined) return []
      return { pod, podUid: pod.metadata.uid ?? '', name, life: `${restartCount} ${started.startedAt ?? ''}` }
    },
  )
}
