import type { AuthInfo, AuthInfoContext, CredentialContext, Credentials } from '@kubeclient/core/spec'
import { gcpAuth, type GcpAuthOptions, gcpCredentials, type GcpCredentialsOptions } from '../../src/index.ts'
import { authInfoContext, credentialContext } from './context.ts'

/** Asks the provider as a client does. */
export async function signIn(
  context: Partial<CredentialContext> = {},
  options?: GcpCredentialsOptions,
): Promise<Credentials> {
  return gcpCredentials(options).getCredentials(credentialContext(context))
}

export interface EntrySignIn {
  readonly options?: GcpAuthOptions | undefined
  readonly context?: Partial<AuthInfoContext>
  readonly request?: Partial<CredentialContext>
}

/** Asks the plugin as a kubeconfig and a client do. */
export async function signInAs(
  authInfo: AuthInfo,
  { options, context, request }: EntrySignIn = {},
): Promise<Credentials> {
  const provider = gcpAuth(options).fromAuthInfo(authInfo, authInfoContext(context))
  if (provider === undefined) throw new Error('the plugin did not take the entry')
  return provider.getCredentials(credentialContext(request))
}
