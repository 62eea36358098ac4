import { isAbsolute, join } from 'node:path'
import { type AuthInfoContext, ConfigError } from '@kubeclient/core/spec'
import { checkCa } from './check-ca.ts'
import { checkIssuer } from './check-issuer.ts'
import { expiryOf } from './id-token.ts'
import { readCaFile } from './read-ca-file.ts'
import { type Config, textOf } from './text-of.ts'
import { type OidcIdentity, type OidcTokens, tokensIn } from './token-store.ts'

/** An `auth-provider: oidc` entry that was looked through. */
export interface ProviderConfig {
  readonly issuer: URL
  readonly identity: OidcIdentity
  readonly clientSecret?: string
  readonly tokens: OidcTokens
  /** PEM; `undefined`: the system's. */
  readonly ca: () => Promise<string | undefined>
}

/**
 * Refuses what can never sign in. Who reads the kubeconfig puts the entry's name before the message.
 *
 * @throws {@link ConfigError}
 */
export function readProviderConfig(config: Config, { userName, directory }: AuthInfoContext): ProviderConfig {
  const issuer = required(config, 'idp-issuer-url')
  const url = checkIssuer(issuer, '"idp-issuer-url"')
  const clientId = required(config, 'client-id')
  const clientSecret = textOf(config, 'client-secret')
  const tokens = tokensIn(config)
  checkTokens(tokens)
  return {
    issuer: url,
    identity: { issuer, clientId, userName },
    tokens,
    ca: caOf(config, directory),
    ...(clientSecret !== undefined && { clientSecret }),
  }
}

function checkTokens({ idToken, refreshToken }: OidcTokens): void {
  if (refreshToken !== undefined) return
  if (idToken === undefined)
    throw new ConfigError('"id-token" and "refresh-token" are both absent; sign in, and store what you get')
  if (expiryOf(idToken) === undefined)
    throw new ConfigError('"id-token" is no JSON web token, and there is no "refresh-token" to get one with')
}

/** As in kubectl, the data wins. */
function caOf(config: Config, directory: string | undefined): ProviderConfig['ca'] {
  const data = textOf(config, 'idp-certificate-authority-data')
  if (data !== undefined) {
    const pem = checkCa(decode(data), '"idp-certificate-authority-data"')
    return async () => pem
  }
  const file = textOf(config, 'idp-certificate-authority')
  if (file === undefined) return async () => undefined
  if (directory === undefined)
    throw new ConfigError('"idp-certificate-authority" names a file, and this kubeconfig is none; use …-data')
  const path = isAbsolute(file) ? file : join(directory, file)
  return async () => readCaFile(path)
}

function decode(data: string): string {
  try {
    return atob(data)
  } catch {
    throw new ConfigError('"idp-certificate-authority-data" is no base64')
  }
}

function required(config: Config, name: string): string {
  const value = textOf(config, name)
  if (value === undefined) throw new ConfigError(`${JSON.stringify(name)} is absent; the provider told you what it is`)
  return value
}
