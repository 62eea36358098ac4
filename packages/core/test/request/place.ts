import type { Place, RequestDefaults, ResourceTarget } from '../../src/request/place.ts'

export const pods: ResourceTarget = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true }
export const nodes: ResourceTarget = { apiVersion: 'v1', kind: 'Node', resource: 'nodes', namespaced: false }
export const deployments: ResourceTarget = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  resource: 'deployments',
  namespaced: true,
}

export const defaults: RequestDefaults = {
  pathPrefix: '',
  namespace: 'default',
  headers: {},
  fieldManager: 'kubeclient',
}

export function inNamespace(target: ResourceTarget, more: Partial<Place> = {}): Place {
  return { target, defaults, ...(target.namespaced && { namespace: 'default' }), ...more }
}
