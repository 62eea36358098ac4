import { type ClientConfig, createClient } from '@kubeclient/core'
import { Namespace } from './kinds.ts'
import type { ScenarioContext } from './scenario.ts'

/** A context in a namespace of its own, and the way out of it. */
export async function enterNamespace(
  config: ClientConfig,
): Promise<{ context: ScenarioContext; leave: () => Promise<void> }> {
  const client = createClient(config)
  const { metadata } = await client.resource(Namespace).create({ metadata: { generateName: 'scenario-' } })
  const namespace = metadata.name
  return { context: { client: client.with({ namespace }), namespace, config }, leave: () => client.close() }
}
