import { ConfigError, type CredentialProvider } from '@kubeclient/core/spec'
import { checkCa } from './check-ca.ts'
import { checkIssuer } from './check-issuer.ts'
import { checkOptions } from './check-options.ts'
import { emitWarning } from './emit-warning.ts'
import { signIn } from './sign-in.ts'
import { type OidcTokenStore, type RotatedTokens, callbackStore } from './token-store.ts'

export interface OidcCredentialsOptions {
  /** As the provider writes it, and as the API server's `--oidc-issuer-url` has it. https, or http to this machine. */
  issuer: string | URL
  clientId: string
  /** Absent: a public client. Sent in a header, or in the body where the provider wants it there. */
  clientSecret?: string | undefined
  /** From a sign-in with the scopes `openid` and, with most providers, `offline_access`. */
  refreshToken: string
  /** Used first, while it lasts. */
  idToken?: string | undefined
  /** Asked for at each renewal, besides `openid`. @defaultValue those of the sign-in, as the standard has it */
  scopes?: readonly string[] | undefined
  /** PEM bundle for the provider. @defaultValue the system's */
  ca?: string | undefined
  /** Told of a rotated refresh token, before the new credentials are used. */
  onRotated?: ((tokens: RotatedTokens) => Promise<void>) | undefined
  /** Keeps the tokens, where several programs share them. What it holds wins over `refreshToken`. Excludes `onRotated`. */
  store?: OidcTokenStore | undefined
  /** Told when new tokens could not be kept, and when clocks differ. No secrets. @defaultValue `process.emitWarning` */
  onWarning?: ((text: string) => void) | undefined
}

/**
 * Id tokens of an OpenID provider for a refresh token, without a kubeconfig.
 *
 * @throws {@link ConfigError} for options that cannot work
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens
 */
export function oidcCredentials(options: OidcCredentialsOptions): CredentialProvider {
  checkOptions('oidcCredentials', options)
  const { scopes, idToken, ca, onWarning = emitWarning } = options ?? {}
  const clientId = nonEmpty(options?.clientId, 'clientId')
  const refreshToken = nonEmpty(options.refreshToken, 'refreshToken')
  const issuer = checkIssuer(options.issuer, '`issuer`')
  if (ca !== undefined) checkCa(ca, '`ca`')
  const identity = { issuer: String(options.issuer), clientId }
  const tokens = { refreshToken, idToken }
  const clientSecret = options.clientSecret || undefined // of the environment, where it may be empty
  const store = storeOf(options)
  return signIn({ issuer, identity, clientSecret, tokens, scopes, ca: async () => ca, store, onWarning })
}

function storeOf({ store, onRotated, refreshToken }: OidcCredentialsOptions): OidcTokenStore | undefined {
  if (onRotated === undefined) return store
  if (store === undefined) return callbackStore(refreshToken, onRotated)
  throw new ConfigError('oidcCredentials() takes `store` or `onRotated`, and not both')
}

function nonEmpty(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new ConfigError(`oidcCredentials() needs \`${name}\`, a string that is not empty`)
}
