/**
 * OpenID Connect sign-in (`auth-provider: oidc`) for `@kubeclient/core`.
 *
 * @module @kubeclient/auth-oidc
 */
export { oidcAuth } from './oidc-auth.ts'
export type { OidcAuthOptions } from './oidc-auth.ts'
export { oidcCredentials } from './oidc-credentials.ts'
export type { OidcCredentialsOptions } from './oidc-credentials.ts'
export type { OidcIdentity, OidcTokenStore, OidcTokens, RefreshTokens, RotatedTokens } from './token-store.ts'
