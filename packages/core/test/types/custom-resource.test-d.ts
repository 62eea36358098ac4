import type { KubeObject, ResourceDescriptor } from '@kubeclient/core'
import { client } from './client.ts'

interface Widget extends KubeObject {
  apiVersion?: 'example.com/v1'
  kind?: 'Widget'
  spec: { size: number; color?: string }
  status?: { ready: boolean }
}
const Widget: ResourceDescriptor<Widget> = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  resource: 'widgets',
  namespaced: true,
}

const widgets = client.resource(Widget)
const made = await widgets.create({ metadata: { generateName: 'w-' }, spec: { size: 3 } })
made.spec.size += 1
const replaced = await widgets.replace(made)
console.log(replaced.metadata.name, replaced.spec.size, replaced.status?.ready)

// Without a descriptor: the type is yours, the plural comes from discovery.
const byKind = client.resource<Widget>({ apiVersion: 'example.com/v1', kind: 'Widget' })
console.log((await byKind.find('w-1'))?.spec.color ?? 'none')
