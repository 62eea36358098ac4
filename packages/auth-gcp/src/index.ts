/**
 * Google's application-default credentials and sign-in to GKE, for `@kubeclient/core`.
 *
 * @module @kubeclient/auth-gcp
 */
export { gcpAuth } from './gcp-auth.ts'
export type { GcpAuthOptions } from './gcp-auth.ts'
export { gcpCredentials } from './gcp-credentials.ts'
export type { GcpCredentialsOptions } from './gcp-credentials.ts'
export type { GoogleAuthClient, GoogleTokens } from './google-auth-client.ts'
