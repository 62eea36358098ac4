import { type ClientConfig, createClient as createCoreClient } from '@kubeclient/core'
import { Namespace } from '@kubeclient/resources/core/v1'
import type { CreateClient, ScenarioContext } from './scenario.ts'
import { withClient } from './with-client.ts'

/** A context in a namespace of its own, and the way out of it. */
export async function enterNamespace(
  config: ClientConfig,
  createClient: CreateClient = createCoreClient,
): Promise<{ context: ScenarioContext; leave: () => Promise<void> }> {
  const client = createClient(config)
  const { metadata } = await client.resource(Namespace).create({ metadata: { generateName: 'scenario-' } })
  const namespace = metadata.name
  return {
    context: {
      client: client.with({ namespace }),
      namespace,
      config,
      createClient,
      withClient: (other, use) => withClient(other, use, createClient),
    },
    leave: () => client.close(),
  }
}
