import { defineResource } from '@kubeclient/resources'
import type { KubeObject } from '@kubeclient/core'
import { Pod } from '@kubeclient/resources/core/v1'

interface Widget extends KubeObject {
  apiVersion?: 'example.com/v1'
  kind?: 'Widget'
  spec: { size: number }
}
const address = { apiVersion: 'example.com/v1', resource: 'widgets', namespaced: true } as const

// @ts-expect-error A kind that is not the type's.
defineResource<Widget>({ ...address, kind: 'Wigdet' })
// @ts-expect-error A version that is not the type's.
defineResource<Widget>({ ...address, apiVersion: 'example.com/v2', kind: 'Widget' })
// @ts-expect-error No plural.
defineResource<Widget>({ apiVersion: 'example.com/v1', kind: 'Widget', namespaced: true })
// @ts-expect-error Whether it is namespaced is not said.
defineResource<Widget>({ apiVersion: 'example.com/v1', kind: 'Widget', resource: 'widgets' })
// @ts-expect-error A type that is no object of Kubernetes.
defineResource<{ size: number }>({ ...address, kind: 'Widget' })
// @ts-expect-error A descriptor of another kind.
defineResource<Widget>(Pod)
