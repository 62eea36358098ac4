import type { KubeObject, ResourceDescriptor } from '@kubeclient/core'

/** As much of a Deployment as is used here. Fields that are not named survive all the same. */
export interface Deployment extends KubeObject {
  apiVersion?: 'apps/v1'
  kind?: 'Deployment'
  spec: {
    replicas?: number
    selector: { matchLabels: Record<string, string> }
    template: {
      metadata: { labels: Record<string, string> }
      spec: { containers: { name: string; image: string }[] }
    }
  }
}

export const Deployment: ResourceDescriptor<Deployment> = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  resource: 'deployments',
  namespaced: true,
}
