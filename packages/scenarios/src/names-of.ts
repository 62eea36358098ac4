import type { KubeObject } from '@kubeclient/core'

/** Names in the order of the objects. */
export function namesOf(objects: readonly KubeObject[]): (string | undefined)[] {
  return objects.map((object) => object.metadata?.name)
}
