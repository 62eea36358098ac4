import { CredentialError, type CredentialProvider } from '@kubeclient/core/spec'
import { checkOptions } from './check-options.ts'
import type { GoogleAuthClient } from './google-auth-client.ts'
import { googleScopes } from './google-scopes.ts'
import { signIn } from './sign-in.ts'

export interface GcpCredentialsOptions {
  /** What the token is good for. A client that is given has its own. @defaultValue cloud-platform and userinfo.email */
  scopes?: readonly string[] | undefined
  /** An auth client of `google-auth-library`. @defaultValue application-default credentials */
  authClient?: GoogleAuthClient | undefined
  /**
   * Gives up after this long, in milliseconds. The client waits for 60 s at most.
   *
   * @defaultValue 30_000
   */
  timeoutMs?: number | undefined
}

/** As long as three tries of the library take, and more. */
export const defaultTimeoutMs = 30_000

/**
 * Access tokens of Google, for GKE: of a service account's key, of who has signed in with `gcloud`, of the machine that this runs on, or of
 * another provider's identity (workload identity federation).
 *
 * @throws {@link ConfigError} for options that cannot work
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function gcpCredentials(options: GcpCredentialsOptions = {}): CredentialProvider {
  checkOptions('gcpCredentials', options)
  const { scopes = googleScopes, authClient, timeoutMs = defaultTimeoutMs } = options
  return {
    name: 'gcp',
    getCredentials: (context) => signIn({ scopes, authClient, timeoutMs }, context, fail),
  }
}

function fail(text: string): CredentialError {
  return new CredentialError(`Google Cloud: ${text}`, { provider: 'gcp' })
}
