import type { DynamicObject, Stored } from '@kubeclient/core'

export type TestObject = Stored<DynamicObject>

interface ObjectOptions {
  readonly namespace?: string
  readonly uid?: string
  readonly version?: string
  readonly labels?: Record<string, string>
  readonly node?: string
}

/** A pod as a server returns it. */
export function pod(
  name: string,
  { namespace = 'default', uid, version = '1', labels, node }: ObjectOptions = {},
): TestObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: uid ?? `uid-of-${name}`,
      resourceVersion: version,
      creationTimestamp: '2030-01-01T00:00:00Z',
      ...(labels !== undefined && { labels }),
    },
    spec: { nodeName: node },
  }
}
