import type { KubeObject, Stored } from '@kubeclient/core'
import type { Condition } from './wait-for-condition.ts'

interface WithConditions {
  readonly status?: {
    readonly conditions?: readonly { type?: string; status?: string; reason?: string; observedGeneration?: number }[]
  }
}

/**
 * `status.conditions` has it, and not for an older generation of the spec: what `kubectl wait --for=condition=Ready` waits for.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_wait/
 */
export function hasCondition(type: string, status: 'True' | 'False' | 'Unknown' = 'True'): Condition<KubeObject> {
  return (object) => {
    const { conditions = [] } = (object as (KubeObject & WithConditions) | undefined)?.status ?? {} // where a kind has some
    return conditions.some(
      (condition) =>
        condition.type === type &&
        condition.status === status &&
        (condition.observedGeneration ?? Number.POSITIVE_INFINITY) >= (object?.metadata.generation ?? 0),
    )
  }
}

/** It is gone; with the uid of the object that was deleted, also when another has its name by now. */
export function isDeleted(uid?: string): Condition<KubeObject> {
  return (object) => object === undefined || (uid !== undefined && object.metadata.uid !== uid)
}

/** Fields that Deployments, StatefulSets and DaemonSets have of these. */
interface Workload extends WithConditions {
  readonly spec?: {
    readonly replicas?: number
    readonly updateStrategy?: { readonly rollingUpdate?: { readonly partition?: number } }
  }
  readonly status?: WithConditions['status'] & {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly readyReplicas?: number
    readonly updatedReplicas?: number
    readonly availableReplicas?: number
    readonly updateRevision?: string
    readonly currentRevision?: string
    readonly desiredNumberScheduled?: number
    readonly updatedNumberScheduled?: number
    readonly numberAvailable?: number
  }
}

/**
 * Of a Deployment, StatefulSet or DaemonSet: all replicas are of the present spec and available, as `kubectl rollout status`
 * has it. Throws when a Deployment has exceeded its progress deadline.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export function isRolledOut(object: Stored<KubeObject> | undefined): boolean {
  if (object === undefined) return false
  const workload = object as Stored<KubeObject> & Workload // as its kind says, which is looked at below
  if ((workload.status?.observedGeneration ?? 0) < (workload.metadata.generation ?? 0)) return false
  switch (workload.kind) {
    case 'Deployment':
      return isDeployed(workload)
    case 'StatefulSet':
      return isSetUp(workload)
    case 'DaemonSet':
      return isEverywhere(workload)
    default:
      throw new TypeError(`a ${workload.kind} has no rollout: a Deployment, StatefulSet or DaemonSet has`)
  }
}

function isDeployed({ metadata, spec, status }: Stored<KubeObject> & Workload): boolean {
  if (status?.conditions?.some(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded')) {
    throw new Error(`the deployment ${JSON.stringify(metadata.name)} exceeded its progress deadline`)
  }
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {}
  return updatedReplicas >= (spec?.replicas ?? 1) && replicas <= updatedReplicas && availableReplicas >= updatedReplicas
}

function isSetUp({ spec, status }: Workload): boolean {
  const wanted = spec?.replicas ?? 1
  const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0
  if ((status?.readyReplicas ?? 0) < wanted) return false
  if (partition > 0) return (status?.updatedReplicas ?? 0) >= wanted - partition
  return status?.updateRevision === status?.currentRevision
}

function isEverywhere({ status }: Workload): boolean {
  const { desiredNumberScheduled: wanted = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status ?? {}
  return updatedNumberScheduled >= wanted && numberAvailable >= wanted
}
