import type { Pod } from '@kubeclient/resources/core/v1'

/** The smallest Pod that a server takes. */
export function pod(name: string, nodeName?: string): Pod {
  return {
    metadata: { name },
    spec: { ...(nodeName !== undefined && { nodeName }), containers: [{ name: 'web', image: 'nginx:1.29' }] },
  }
}
