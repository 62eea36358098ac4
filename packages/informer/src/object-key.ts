import type { KubeObject } from '@kubeclient/core'

/** Unique in a collection: neither part holds a slash. */
export function objectKey({ metadata }: KubeObject): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`
}
