import { type Client, type ClientConfig, createClient } from '@kubeclient/core'

/** A client for the length of one call, closed however that ends. */
export async function withClient<T>(config: ClientConfig, use: (client: Client) => Promise<T>): Promise<T> {
  const client = createClient(config)
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}
