import type { ClientConfig } from '../spec/client-config.ts'
import type { Client } from './client.ts'

/** Opens no connection. @throws {@link ConfigError} */
export function createClient(config: ClientConfig): Client {
  throw new Error(`in the making: ${String(config.server)}`)
}
