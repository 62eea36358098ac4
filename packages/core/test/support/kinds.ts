import type { KubeObject, ObjectMeta, ResourceDescriptor } from '../../src/index.ts'

export interface Pod extends KubeObject {
  apiVersion?: 'v1'
  kind?: 'Pod'
  metadata?: ObjectMeta
  spec?: { nodeName?: string; containers?: { name: string; image?: string }[] }
  status?: { phase?: string }
}
export const Pod: ResourceDescriptor<Pod> = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true }

export interface Node extends KubeObject {
  apiVersion?: 'v1'
  kind?: 'Node'
  metadata?: ObjectMeta
  spec?: { unschedulable?: boolean }
}
export const Node: ResourceDescriptor<Node> = { apiVersion: 'v1', kind: 'Node', resource: 'nodes', namespaced: false }

export interface Deployment extends KubeObject {
  apiVersion?: 'apps/v1'
  kind?: 'Deployment'
  metadata?: ObjectMeta
  spec?: { replicas?: number; paused?: boolean }
}
export const Deployment: ResourceDescriptor<Deployment> = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  resource: 'deployments',
  namespaced: true,
}

/** As the server returns it. */
export function storedPod(name: string, resourceVersion = '1'): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      resourceVersion,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
  }
}
