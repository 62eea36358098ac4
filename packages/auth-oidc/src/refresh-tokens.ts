import {
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  None,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
  allowInsecureRequests,
  clockTolerance,
  customFetch,
  discovery,
  refreshTokenGrant,
} from 'openid-client'
import { type Asked, explainFailure } from './explain-failure.ts'
import { type ProviderFetch, type ProviderFetchOptions, providerFetch } from './provider-fetch.ts'
import type { OidcTokens } from './token-store.ts'

export interface RefreshOptions extends Asked, Omit<ProviderFetchOptions, 'secrets'> {
  readonly issuer: URL
  /** Besides `openid`. Absent: those of the sign-in. */
  readonly scopes?: readonly string[] | undefined
  /** Ends what can be repeated: once the refresh token is on its way, its successor is waited for. */
  readonly signal: AbortSignal
}

/** Seconds. Whether a token is in time is for the API server to say, whose clock counts. */
const anyTime = 1e12

/**
 * New tokens for a refresh token; without `refreshToken` in them the old one goes on.
 *
 * @throws {@link SignInFailure}, or the reason of `signal`
 * @see https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens
 */
export async function refreshTokens(options: RefreshOptions): Promise<OidcTokens> {
  const { clientSecret, refreshToken, scopes, signal } = options
  const fetch = providerFetch({ ...options, secrets: [clientSecret, refreshToken] })
  const parameters = scopes === undefined ? {} : { scope: ['openid', ...scopes].join(' ') }
  let style: ClientAuth = None()
  try {
    const provider = await discover(options, fetch, (...request) => style(...request))
    return await firstAccepted(clientStyles(provider, clientSecret), async (next) => {
      signal.throwIfAborted()
      style = next
      const { id_token: idToken, refresh_token: rotated } = await refreshTokenGrant(provider, refreshToken, parameters)
      return { idToken, refreshToken: rotated }
    })
  } catch (error) {
    signal.throwIfAborted()
    throw explainFailure(error, options)
  }
}

/** Asks each time, as kubectl does: endpoints move. */
async function discover(
  { issuer, clientId, signal }: RefreshOptions,
  fetch: ProviderFetch,
  style: ClientAuth,
): Promise<Configuration> {
  const provider = await discovery(issuer, clientId, { [clockTolerance]: anyTime }, style, {
    [customFetch]: (url, init) => fetch(url, init, signal),
    // Only to this machine, as `fetch` sees to. oxlint-disable-next-line typescript/no-deprecated -- it is marked to be noticed
    execute: issuer.protocol === 'http:' ? [allowInsecureRequests] : [],
  })
  provider[customFetch] = (url, init) => fetch(url, init)
  return provider
}

/** How the client may say who it is, in the order to try. As kubectl: by a header, then in the body. */
function clientStyles(provider: Configuration, secret: string | undefined): readonly ClientAuth[] {
  if (secret === undefined) return [None()]
  const { token_endpoint_auth_methods_supported: told }: Partial<Record<string, unknown>> = provider.serverMetadata()
  const supported: readonly unknown[] = Array.isArray(told) ? told : ['client_secret_basic'] // the library has not looked
  const onlyInBody = supported.includes('client_secret_post') && !supported.includes('client_secret_basic')
  return onlyInBody ? [ClientSecretPost(secret)] : [ClientSecretBasic(secret), ClientSecretPost(secret)]
}

/** The first style whose request is not refused for the client's sake: such a refusal has spent no refresh token. */
async function firstAccepted<T>(styles: readonly ClientAuth[], request: (style: ClientAuth) => Promise<T>): Promise<T> {
  const [style = None(), ...others] = styles
  try {
    return await request(style)
  } catch (error) {
    if (others.length === 0 || !isAboutClient(error)) throw error
    return firstAccepted(others, request)
  }
}

function isAboutClient(error: unknown): boolean {
  if (error instanceof ResponseBodyError)
    return ['invalid_client', 'unauthorized_client', 'invalid_request'].includes(error.error)
  return error instanceof WWWAuthenticateChallengeError
}
