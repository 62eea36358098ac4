import type { ClientConfig } from '../spec/client-config.ts'
import { undiciTransport } from '../transport/undici-transport.ts'
import { assembleClient } from './assemble-client.ts'
import type { Client } from './client.ts'
import { nodePlatform } from './node-platform.ts'

/**
 * A client of one API server, over undici. Opens no connection.
 *
 * @example
 * const client = createClient({ server: 'https://10.0.0.1:6443', credentials: { token } })
 * @throws {@link ConfigError} for a configuration that cannot work
 */
export function createClient(config: ClientConfig): Client {
  return assembleClient(config, nodePlatform(undiciTransport))
}
