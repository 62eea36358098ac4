import type { CredentialContext, CredentialError, Credentials } from '@kubeclient/core/spec'
import { abortable } from './abortable.ts'
import { explainFailure, type Identity } from './explain-failure.ts'
import type { GoogleAuthClient } from './google-auth-client.ts'
import { loadDefaultClient } from './load-default-client.ts'
import { quote } from './quote.ts'
import { SignInFailure } from './sign-in-failure.ts'
import { tokenFault } from './token-fault.ts'

/** Makes the error of a sentence. */
export type Fail = (text: string) => CredentialError

export interface SignInOptions {
  readonly scopes: readonly string[]
  /** What the program gave, instead of application-default credentials. */
  readonly authClient?: GoogleAuthClient | undefined
  readonly timeoutMs: number
}

/** A new token each time: when to ask is the client's business. */
export async function signIn(options: SignInOptions, context: CredentialContext, fail: Fail): Promise<Credentials> {
  const { signal } = context
  signal.throwIfAborted()
  const late = AbortSignal.timeout(options.timeoutMs)
  const either = AbortSignal.any([signal, late])
  try {
    return credentialsOf(await abortable(askGoogle(options, { ...context, signal: either }), either))
  } catch (error) {
    signal.throwIfAborted()
    if (late.aborted) throw fail(`Google gave no access token within ${options.timeoutMs / 1000} s; try again later`)
    // Not as the cause: the library's errors hold keys, tokens and answers.
    throw fail(explainFailure(error, identityOf(options), [context.previous?.token]))
  }
}

interface Answer {
  readonly token: unknown
  readonly expiryDate: unknown
}

async function askGoogle({ scopes, authClient }: SignInOptions, context: CredentialContext): Promise<Answer> {
  if (authClient !== undefined) forget(authClient, context.previous?.token)
  const client = authClient ?? (await loadDefaultClient({ scopes, ...context }))
  const { token } = await client.getAccessToken()
  return { token, expiryDate: client.credentials.expiry_date }
}

/** A client keeps its token, and one that is about to end, or that a cluster has refused, is of no more use. */
function forget(client: GoogleAuthClient, token: string | undefined): void {
  const { credentials } = client
  if (token !== undefined && credentials.access_token === token)
    client.setCredentials?.({ ...credentials, expiry_date: 1 })
}

function credentialsOf({ token, expiryDate }: Answer): Credentials {
  const fault = tokenFault(token)
  if (fault !== undefined) throw new SignInFailure(`Google gave ${fault}`)
  if (expiryDate === undefined || expiryDate === null) return { token: String(token) }
  const expiresAt = new Date(Number(expiryDate))
  if (Number.isNaN(expiresAt.getTime()))
    throw new SignInFailure('Google gave an access token with an end that is no time')
  return { token: String(token), expiresAt }
}

function identityOf({ authClient }: SignInOptions): Identity {
  if (authClient !== undefined)
    return { source: 'the auth client that was given', remedy: 'give it credentials that are still good' }
  const file = process.env['GOOGLE_APPLICATION_CREDENTIALS']
  const remedy = 'sign in again with "gcloud auth application-default login"'
  return file === undefined || file === ''
    ? { source: 'the application-default credentials', remedy }
    : {
        source: `the file ${quote(file)} (GOOGLE_APPLICATION_CREDENTIALS)`,
        remedy: `replace it, or unset that and ${remedy}`,
      }
}
