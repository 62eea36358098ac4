/**
 * A hand-made sample of what `@kubeclient/resources` generates: each name is an interface and a descriptor.
 * `apiVersion` and `kind` are literal types: without them every all-optional kind is assignable to every other.
 *
 * @module
 */
import type { KubeObject, ObjectMeta, ResourceDescriptor } from '@kubeclient/core/spec'

/** A number, or a string such as `25%`. */
export type IntOrString = number | string
/** `500m`, `1Gi`; numbers are accepted on input. */
export type Quantity = string | number

/** Pod is a collection of containers that can run on a host. */
export interface Pod extends KubeObject {
  apiVersion?: 'v1'
  kind?: 'Pod'
  metadata?: ObjectMeta
  spec?: PodSpec
  status?: PodStatus
}
export const Pod: ResourceDescriptor<Pod> = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true }

export interface PodSpec {
  containers: Container[]
  initContainers?: Container[]
  nodeName?: string
  nodeSelector?: Record<string, string>
  restartPolicy?: 'Always' | 'OnFailure' | 'Never' | (string & {})
  serviceAccountName?: string
  /** Seconds. */
  terminationGracePeriodSeconds?: number
  volumes?: Volume[]
}

export interface Container {
  name: string
  image?: string
  command?: string[]
  args?: string[]
  env?: { name: string; value?: string }[]
  ports?: ContainerPort[]
  resources?: { limits?: Record<string, Quantity>; requests?: Record<string, Quantity> }
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[]
}

export interface ContainerPort {
  containerPort: number
  name?: string
  protocol?: 'TCP' | 'UDP' | 'SCTP' | (string & {})
}

export interface Volume {
  name: string
  emptyDir?: { medium?: string; sizeLimit?: Quantity }
  configMap?: { name?: string; optional?: boolean }
}

export interface PodStatus {
  phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown' | (string & {})
  podIP?: string
  hostIP?: string
  startTime?: string
  conditions?: Condition[]
  containerStatuses?: { name: string; ready: boolean; restartCount: number; image: string; imageID: string }[]
}

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown' | (string & {})
  reason?: string
  message?: string
  lastTransitionTime?: string
}

/** ConfigMap holds configuration data for pods to consume. */
export interface ConfigMap extends KubeObject {
  apiVersion?: 'v1'
  kind?: 'ConfigMap'
  metadata?: ObjectMeta
  data?: Record<string, string>
  /** Base64. */
  binaryData?: Record<string, string>
  immutable?: boolean
}
export const ConfigMap: ResourceDescriptor<ConfigMap> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
}

/** ServiceAccount binds an identity to pods. */
export interface ServiceAccount extends KubeObject {
  apiVersion?: 'v1'
  kind?: 'ServiceAccount'
  metadata?: ObjectMeta
  automountServiceAccountToken?: boolean
  imagePullSecrets?: { name?: string }[]
}
export const ServiceAccount: ResourceDescriptor<ServiceAccount> = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  resource: 'serviceaccounts',
  namespaced: true,
}

/** Deployment enables declarative updates for pods. */
export interface Deployment extends KubeObject {
  apiVersion?: 'apps/v1'
  kind?: 'Deployment'
  metadata?: ObjectMeta
  spec?: DeploymentSpec
  status?: DeploymentStatus
}
export const Deployment: ResourceDescriptor<Deployment> = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  resource: 'deployments',
  namespaced: true,
}

export interface DeploymentSpec {
  replicas?: number
  selector: LabelSelector
  template: PodTemplateSpec
  strategy?: {
    type?: 'Recreate' | 'RollingUpdate' | (string & {})
    rollingUpdate?: { maxSurge?: IntOrString; maxUnavailable?: IntOrString }
  }
  paused?: boolean
  revisionHistoryLimit?: number
}

export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

export interface PodTemplateSpec {
  metadata?: ObjectMeta
  spec?: PodSpec
}

export interface DeploymentStatus {
  observedGeneration?: number
  replicas?: number
  readyReplicas?: number
  updatedReplicas?: number
  availableReplicas?: number
  conditions?: Condition[]
}

/** Lease defines a lease concept. */
export interface Lease extends KubeObject {
  apiVersion?: 'coordination.k8s.io/v1'
  kind?: 'Lease'
  metadata?: ObjectMeta
  spec?: LeaseSpec
}
export const Lease: ResourceDescriptor<Lease> = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  resource: 'leases',
  namespaced: true,
}

export interface LeaseSpec {
  holderIdentity?: string
  leaseDurationSeconds?: number
  /** RFC 3339 with microseconds. */
  acquireTime?: string
  renewTime?: string
  leaseTransitions?: number
}
