import type { KubeObject, ResourceDescriptor } from '@kubeclient/core'

export interface ConfigMap extends KubeObject {
  apiVersion?: 'v1'
  kind?: 'ConfigMap'
  data?: Record<string, string>
}
export const ConfigMap: ResourceDescriptor<ConfigMap> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
}

export interface Namespace extends KubeObject {
  apiVersion?: 'v1'
  kind?: 'Namespace'
}
export const Namespace: ResourceDescriptor<Namespace> = {
  apiVersion: 'v1',
  kind: 'Namespace',
  resource: 'namespaces',
  namespaced: false,
}

export interface ClusterRole extends KubeObject {
  apiVersion?: 'rbac.authorization.k8s.io/v1'
  kind?: 'ClusterRole'
  rules?: { apiGroups?: string[]; resources?: string[]; verbs: string[] }[]
}
export const ClusterRole: ResourceDescriptor<ClusterRole> = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  resource: 'clusterroles',
  namespaced: false,
}

interface Container {
  name: string
  image?: string
  env?: { name: string; value?: string }[]
}

export interface Pod extends KubeObject {
  apiVersion?: 'v1'
  kind?: 'Pod'
  spec: { nodeName?: string; containers: Container[] }
  status?: { phase?: string }
}
export const Pod: ResourceDescriptor<Pod> = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true }

export interface Deployment extends KubeObject {
  apiVersion?: 'apps/v1'
  kind?: 'Deployment'
  spec: {
    replicas?: number
    selector: { matchLabels: Record<string, string> }
    template: { metadata: { labels: Record<string, string> }; spec: { containers: Container[] } }
  }
  status?: { replicas?: number; observedGeneration?: number }
}
export const Deployment: ResourceDescriptor<Deployment> = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  resource: 'deployments',
  namespaced: true,
}

/** The smallest Deployment that a server takes. */
export function deployment(name: string, replicas: number): Deployment {
  const labels = { app: name }
  return {
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] } },
    },
  }
}

/** The smallest Pod that a server takes. */
export function pod(name: string, nodeName?: string): Pod {
  return {
    metadata: { name },
    spec: { ...(nodeName !== undefined && { nodeName }), containers: [{ name: 'web', image: 'nginx:1.29' }] },
  }
}
