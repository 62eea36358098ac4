import { type Client, type ClientConfig, createClient as createCoreClient } from '@kubeclient/core'
import type { CreateClient } from './scenario.ts'

/** A client for the length of one call, closed however that ends. */
export async function withClient<T>(
  config: ClientConfig,
  use: (client: Client) => Promise<T>,
  createClient: CreateClient = createCoreClient,
): Promise<T> {
  const client = createClient(config)
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}
