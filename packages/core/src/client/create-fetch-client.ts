import type { ClientConfig } from '../spec/client-config.ts'
import { ConfigError } from '../spec/errors.ts'
import { notOfFetch, refuseForFetch, refuseRepeatedLines } from '../transport/fetch-limits.ts'
import { fetchTransport } from '../transport/fetch-transport.ts'
import { sleep } from '../transport/sleep.ts'
import { assembleClient } from './assemble-client.ts'
import { refuseOther } from './check-config.ts'
import { checkTypes } from './check-options.ts'
import type { Client } from './client.ts'
import { impersonationHeaders } from './impersonation-headers.ts'

/** A {@link ClientConfig} whose connections are those of a fetch. What that cannot honour is a {@link ConfigError}. */
export interface FetchClientConfig extends ClientConfig {
  /** Sends every request. @defaultValue the runtime's */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * A client of one API server, over `fetch`: for runtimes that have nothing else. Opens no connection.
 *
 * @throws {@link ConfigError} for a configuration that cannot work, or that needs more than a fetch
 */
export function createClient(options: FetchClientConfig): Client {
  refuseOther(options)
  const { fetch = globalThis.fetch, ...config } = options
  checkTypes(config)
  if (config.transport === undefined) refuse(config)
  if (typeof fetch !== 'function') throw new ConfigError('`fetch` is missing: this runtime has none of its own')
  return assembleClient(config, {
    transport: fetchTransport(fetch),
    now: Date.now,
    random: Math.random,
    sleep,
    proxyFor: (_, setting) => {
      refuseForFetch({ proxy: setting === 'env' ? undefined : setting })
      return undefined
    },
  })
}

/** Before anything is sent, what is known before. */
function refuse({ tls, http2, timeouts, impersonate }: ClientConfig): void {
  refuseForFetch({ ...tls, http2 })
  if (timeouts?.connectMs !== undefined) throw notOfFetch('`timeouts.connectMs`', 'does not say when it has connected')
  refuseRepeatedLines(impersonationHeaders(impersonate))
}
