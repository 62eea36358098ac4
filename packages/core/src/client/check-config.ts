import { ConfigError } from '../spec/errors.ts'
import type { ClientConfig, Impersonation } from '../spec/client-config.ts'
import type { CredentialProvider } from '../spec/credentials.ts'
import { credentialFault } from '../transport/check-credentials.ts'
import { isLoopback } from '../transport/is-loopback.ts'
import { checkOptions } from './check-options.ts'

/** Parts of the configuration in the form that the client works with. */
export interface CheckedConfig {
  readonly server: URL
  readonly provider: CredentialProvider | undefined
  /** For those that `with()` brings later. @throws {@link ConfigError} */
  readonly checkImpersonation: (impersonate: Impersonation | undefined) => void
}

/** Refuses what cannot work, before anything is opened. @throws {@link ConfigError} */
export function checkConfig(config: ClientConfig): CheckedConfig {
  const server = parseServer(config.server)
  if (config.tls?.insecureSkipVerify === true && config.tls.ca !== undefined) {
    throw new ConfigError('`tls.insecureSkipVerify` excludes `tls.ca`: leave one of them out')
  }
  checkOptions(config)
  const provider = toProvider(config.credentials)
  const secrets = secretsCheck(server, config.allowInsecureCredentials === true)
  if (provider !== undefined) secrets.allow()
  secrets.allowImpersonation(config.impersonate)
  return { server, provider, checkImpersonation: secrets.allowImpersonation }
}

/** Whether this server may be sent credentials, and whom a client may impersonate there. @throws {@link ConfigError} */
function secretsCheck(server: URL, allowInsecure: boolean) {
  const allow = (): void => {
    if (allowInsecure || server.protocol !== 'http:' || isLoopback(server.hostname)) return
    throw new ConfigError(
      `${server.origin} is plain http: credentials would be sent in clear text (use https, or set \`allowInsecureCredentials\`)`,
    )
  }
  const allowImpersonation = (impersonate: Impersonation | undefined): void => {
    if (impersonate === undefined) return
    if (!impersonate.user) {
      throw new ConfigError('`impersonate.user` is empty: uid, groups and extra are impersonated together with a user')
    }
    allow()
  }
  return { allow, allowImpersonation }
}

function parseServer(value: string | URL | undefined): URL {
  if (value === undefined) throw new ConfigError('`server` is missing: the URL of the API server, https://host:6443')
  if (!URL.canParse(String(value))) {
    throw new ConfigError('`server` is no URL: it begins with https:// or http://, as in https://host:6443')
  }
  const server = new URL(value)
  if (server.protocol !== 'https:' && server.protocol !== 'http:') {
    throw new ConfigError(`\`server\` begins with ${JSON.stringify(server.protocol)}: it must be https:// or http://`)
  }
  // Not quoted: this is where a password would be.
  if (server.username !== '' || server.password !== '') {
    throw new ConfigError('`server` holds a user name or password: give them as `credentials.basic`')
  }
  if (server.search !== '' || server.hash !== '') {
    throw new ConfigError(
      `\`server\` ends in ${JSON.stringify(server.search + server.hash)}: it takes a path, and no query`,
    )
  }
  return server
}

function toProvider(credentials: ClientConfig['credentials']): CredentialProvider | undefined {
  if (credentials === undefined) return undefined
  if (typeof credentials === 'function') return { name: 'credentials', getCredentials: credentials }
  if (typeof credentials === 'object' && credentials !== null && 'getCredentials' in credentials) return credentials
  const fault = credentialFault(credentials)
  if (fault !== undefined) {
    throw new ConfigError(`\`credentials\` cannot be used: ${fault} (leave \`credentials\` out to be anonymous)`)
  }
  return { name: 'credentials', getCredentials: () => Promise.resolve(credentials) }
}
