import type { ClientConfig } from '../spec/client-config.ts'
import { ConfigError } from '../spec/errors.ts'
import { httpsTransport } from '../transport/https-transport.ts'
import { assembleClient } from './assemble-client.ts'
import type { Client } from './client.ts'
import { nodePlatform } from './node-platform.ts'

/**
 * A client of one API server, over `node:https`: undici is not in its bundle, and it starts in a third of the time. Opens no
 * connection.
 *
 * @throws {@link ConfigError} for a configuration that cannot work
 */
export function createClient(config: ClientConfig): Client {
  if (config.http2 === true && config.transport === undefined) {
    throw new ConfigError('`http2` needs the client of @kubeclient/core: leave it out here, `node:https` has none')
  }
  return assembleClient(config, nodePlatform(httpsTransport))
}
