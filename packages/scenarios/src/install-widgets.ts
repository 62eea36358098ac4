import { type Client, isAlreadyExists, type KubeObject, type ResourceDescriptor } from '@kubeclient/core'
import { defineResource } from '@kubeclient/resources'
import { CustomResourceDefinition, type JSONSchemaProps } from '@kubeclient/resources/apiextensions/v1'
import { vi } from 'vitest'

export interface Widget extends KubeObject {
  spec: { size?: number; colour?: string; [field: string]: unknown }
  status?: { size?: number; phase?: string }
}

/** The kind that scenarios share. Each has widgets in a namespace of its own. */
export const Widget: ResourceDescriptor<Widget> = widgetOf('scenarios.example.com')

export function widgetOf(group: string, namespaced = true): ResourceDescriptor<Widget> {
  return defineResource<Widget>({ apiVersion: `${group}/v1`, kind: 'Widget', resource: 'widgets', namespaced })
}

/** Defines a kind unless it is defined already, and waits until the server serves it. */
export async function installWidgets(client: Client, widget: ResourceDescriptor<Widget> = Widget): Promise<void> {
  const group = widget.apiVersion.replace('/v1', '')
  await client
    .resource(CustomResourceDefinition)
    .create(definition(group, widget.namespaced))
    .catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error
    })
  await established(client, `widgets.${group}`)
  // A real server serves it a moment after it has said so.
  await vi.waitFor(() => client.resource(widget).list(), { timeout: 10_000 })
}

/** Takes the kind and its objects away, and waits until they are gone. */
export async function removeWidgets(client: Client, widget: ResourceDescriptor<Widget>): Promise<void> {
  const definitions = client.resource(CustomResourceDefinition)
  const name = `widgets.${widget.apiVersion.replace('/v1', '')}`
  await definitions.delete(name)
  await vi.waitFor(
    async () => {
      if ((await definitions.find(name)) !== undefined) throw new Error(`${name} is still there`)
    },
    { timeout: 10_000 },
  )
}

async function established(client: Client, name: string): Promise<void> {
  const definitions = client.resource(CustomResourceDefinition)
  for await (const { object } of definitions.watch({ name })) {
    if (object.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) return
  }
  throw new Error(`the server ended the watch before ${name} was established`)
}

function definition(group: string, namespaced: boolean): CustomResourceDefinition {
  return {
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'], categories: ['gadgets'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
          },
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  }
}

const schema: JSONSchemaProps = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { size: { type: 'integer' }, colour: { type: 'string' } },
    },
    status: { type: 'object', properties: { size: { type: 'integer' }, phase: { type: 'string' } } },
  },
}
