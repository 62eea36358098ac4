import { ConfigError } from '../spec/errors.ts'
import type { ClientConfig, Impersonation } from '../spec/client-config.ts'
import type { CredentialProvider } from '../spec/credentials.ts'
import type { Middleware } from '../spec/middleware.ts'
import type { RequestHeaders } from '../spec/request.ts'
import { credentialFault } from '../transport/check-credentials.ts'
import { checkOptions, checkTypes } from './check-options.ts'
import { clearTextFault, identifies, refuseIdentity, refuseTlsSettings, withoutCertificates } from './clear-text.ts'

/** Parts of the configuration in the form that the client works with. */
export interface CheckedConfig {
  readonly server: URL
  readonly provider: CredentialProvider | undefined
  /** What must not be sent in clear text, whoever adds it, goes no further. */
  readonly guard: readonly Middleware[]
  /** For those that `with()` brings later. @throws {@link ConfigError} */
  readonly checkUser: (user: ClientUser) => void
}

/** What a client says of whom it acts for. Names of headers are lower case. */
export interface ClientUser {
  readonly impersonate?: Impersonation | undefined
  readonly headers?: RequestHeaders | undefined
}

/** Refuses what cannot work, before anything is opened. @throws {@link ConfigError} */
export function checkConfig(config: ClientConfig): CheckedConfig {
  checkTypes(config)
  const server = parseServer(config.server)
  if (config.tls?.insecureSkipVerify === true && config.tls.ca !== undefined) {
    throw new ConfigError('`tls.insecureSkipVerify` excludes `tls.ca`: leave one of them out')
  }
  checkOptions(config)
  const provider = toProvider(config.credentials)
  const fault = clearTextFault(server, config)
  const checkUser = userCheck(fault)
  if (provider !== undefined && fault !== undefined) throw new ConfigError(fault)
  checkUser({ impersonate: config.impersonate })
  if (server.protocol === 'https:') return { server, provider, guard: [], checkUser }
  refuseTlsSettings(config)
  const guard = fault === undefined ? [] : [refuseIdentity(fault)]
  return { server, provider: provider && withoutCertificates(provider), guard, checkUser }
}

/** What no configuration is at all. @throws {@link ConfigError} */
export function refuseOther(config: ClientConfig): void {
  if (typeof config === 'object' && config !== null && !('then' in config)) return
  const hint =
    typeof config === 'object' && config !== null
      ? 'is a promise: wait for it, as in createClient(await loadKubeconfig())'
      : 'is missing: createClient({ server: "https://host:6443", credentials })'
  throw new ConfigError(`the configuration ${hint}`)
}

/** @param fault - why nobody may be named here */
function userCheck(fault: string | undefined): CheckedConfig['checkUser'] {
  return ({ impersonate, headers = {} }) => {
    if (impersonate !== undefined && !impersonate.user) {
      throw new ConfigError('`impersonate.user` is empty: uid, groups and extra are impersonated together with a user')
    }
    if (fault !== undefined && (impersonate !== undefined || identifies(headers))) throw new ConfigError(fault)
  }
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
