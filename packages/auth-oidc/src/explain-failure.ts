import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'
import { maskSecrets } from './mask-secrets.ts'
import { quote } from './quote.ts'
import { SignInFailure } from './sign-in-failure.ts'

/** What was sent. */
export interface Asked {
  readonly clientId: string
  readonly clientSecret?: string | undefined
  readonly refreshToken: string
}

/**
 * What `openid-client` reports, in words that say what to do. Never with its error as the cause: that has the answer, tokens
 * included.
 */
export function explainFailure(error: unknown, asked: Asked): SignInFailure {
  const own = ownFailure(error)
  if (own !== undefined) return own
  if (error instanceof ResponseBodyError) return new SignInFailure(refusal(error, asked))
  if (error instanceof WWWAuthenticateChallengeError)
    return new SignInFailure(`does not accept ${clientOf(asked)} (${error.status}); check its id and secret`)
  if (!(error instanceof ClientError)) return new SignInFailure(`cannot be used: ${masked(error, asked)}`)
  return new SignInFailure(answerFault(error, asked))
}

function ownFailure(error: unknown): SignInFailure | undefined {
  if (error instanceof SignInFailure) return error
  return error instanceof Error && error.cause instanceof SignInFailure ? error.cause : undefined
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
function refusal({ error, cause, status }: ResponseBodyError, asked: Asked): string {
  const { error_description: description } = cause // the library has not looked at it
  const quoted = (text: string, limit: number): string => quote(maskSecrets(text, secretsOf(asked)), limit)
  const because = typeof description !== 'string' ? '' : `: ${quoted(description, 256)}`
  const reason = `(${quoted(error, 60)}, ${status}${because})`
  if (error === 'invalid_grant')
    return `refuses the refresh token ${reason}; it has expired, was revoked, or was used elsewhere: sign in again, and store what you get`
  if (error === 'invalid_client' || error === 'unauthorized_client')
    return `does not accept ${clientOf(asked)} ${reason}; check its id and secret, and that it may use refresh tokens`
  if (error === 'invalid_scope')
    return `does not give these scopes ${reason}; ask for what was asked for at the sign-in`
  return `gives no tokens ${reason}`
}

function answerFault(error: ClientError, asked: Asked): string {
  switch (error.code) {
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return `says that it is another issuer, ${quote(issuerIn(error.cause))}; "idp-issuer-url" must be exactly that`
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
      return `gave an id token that is for another client, or of another issuer; it must be for ${clientOf(asked)}`
    case 'OAUTH_PARSE_ERROR':
      return 'gave an answer that is broken JSON, or an id token that is broken'
    default:
      return `gave an answer that cannot be used: ${masked(error, asked)}`
  }
}

/** The library's words for what it found; the deepest say most, and quote nothing of the answer. */
function masked(error: unknown, asked: Asked): string {
  if (!(error instanceof Error)) return 'unknown error'
  const inner = error.cause instanceof Error ? error.cause : error
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  return `${maskSecrets(inner.message, secretsOf(asked))}${code}`
}

function issuerIn(cause: unknown): string {
  const body: unknown = typeof cause === 'object' && cause !== null && 'body' in cause ? cause.body : undefined
  return typeof body === 'object' && body !== null && 'issuer' in body ? String(body.issuer) : 'without a name'
}

function clientOf({ clientId }: Asked): string {
  return `the client ${quote(clientId, 120)}`
}

function secretsOf({ clientSecret, refreshToken }: Asked): readonly (string | undefined)[] {
  return [clientSecret, refreshToken]
}
