import type { KubeObject, ResourceDescriptor } from '@kubeclient/core'

/** Pods, of which nobody has to ask the server what they are. */
export function podsOf<T extends KubeObject>(): ResourceDescriptor<T> {
  return { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true }
}
