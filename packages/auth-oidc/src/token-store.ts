import { type AuthInfo, type AuthInfoContext, ConfigError, isKubeError } from '@kubeclient/core/spec'
import { type Config, textOf } from './text-of.ts'

/** What a sign-in consists of, and what changes when it is renewed. */
export interface OidcTokens {
  /** A JSON web token, which the API server verifies. */
  readonly idToken?: string | undefined
  /** Good for new id tokens, with many providers once. */
  readonly refreshToken?: string | undefined
}

/** Whose tokens. */
export interface OidcIdentity {
  readonly issuer: string
  readonly clientId: string
  /** Name of the kubeconfig's `user` entry, where it is one. */
  readonly userName?: string | undefined
}

/** Keeps tokens for the next program. */
export interface OidcTokenStore {
  /**
   * Hands what is stored for `identity` to `refresh`, and stores what that returns (`undefined`: nothing changes) before it
   * resolves. Where several programs share the store, hold a lock meanwhile: most providers take a refresh token once, and
   * sign everybody out when it comes twice.
   */
  update(identity: OidcIdentity, refresh: RefreshTokens): Promise<void>
}

export type RefreshTokens = (stored: OidcTokens | undefined) => Promise<OidcTokens | undefined>

/** The entry of the kubeconfig that it came from. */
export function kubeconfigStore(persist: NonNullable<AuthInfoContext['persist']>): OidcTokenStore {
  return {
    async update(identity, refresh) {
      let isHeld = false
      const update = async (current: AuthInfo): Promise<AuthInfo | undefined> => {
        isHeld = true
        const config = configOf(current, identity)
        const tokens = await refresh(tokensIn(config))
        return tokens === undefined ? undefined : withTokens(current, config, tokens)
      }
      try {
        await persist(update)
      } catch (error) {
        if (isHeld || !isKubeError(error)) throw error
        const instead = 'oidcAuth({ persist: false }) keeps new tokens in memory only'
        throw new ConfigError(`${error.message}; ${instead}`)
      }
    },
  }
}

function configOf({ 'auth-provider': provider }: AuthInfo, { issuer, clientId }: OidcIdentity): Config {
  const config = provider?.config ?? {}
  const isSame = textOf(config, 'idp-issuer-url') === issuer && textOf(config, 'client-id') === clientId
  if (provider?.name === 'oidc' && isSame) return config
  throw new ConfigError('the entry of the kubeconfig signs in otherwise by now; load it again')
}

/** Of an entry; `''` is absent. */
export function tokensIn(config: Config): OidcTokens {
  return { idToken: textOf(config, 'id-token'), refreshToken: textOf(config, 'refresh-token') }
}

function withTokens(current: AuthInfo, before: Config, { idToken, refreshToken }: OidcTokens): AuthInfo {
  const config = {
    ...before,
    ...(idToken !== undefined && { 'id-token': idToken }),
    ...(refreshToken !== undefined && { 'refresh-token': refreshToken }),
  }
  return { ...current, 'auth-provider': { name: 'oidc', config } }
}

/** Tokens of which the refresh token is a new one. */
export type RotatedTokens = OidcTokens & { readonly refreshToken: string }

/** Tells of each rotated refresh token. */
export function callbackStore(
  refreshToken: string,
  onRotated: (tokens: RotatedTokens) => Promise<void>,
): OidcTokenStore {
  let known = refreshToken
  return {
    async update(_, refresh) {
      const tokens = await refresh(undefined)
      if (tokens?.refreshToken === undefined || tokens.refreshToken === known) return
      await onRotated({ ...tokens, refreshToken: tokens.refreshToken })
      known = tokens.refreshToken // not before: what could not be taken comes again
    },
  }
}
