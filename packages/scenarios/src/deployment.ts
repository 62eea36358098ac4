import type { Deployment } from '@kubeclient/resources/apps/v1'

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
