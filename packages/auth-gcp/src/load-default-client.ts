import type { CredentialContext, CredentialFetch } from '@kubeclient/core/spec'
import type { GoogleAuthClient } from './google-auth-client.ts'

export interface DefaultClientOptions extends Pick<CredentialContext, 'fetch' | 'signal'> {
  readonly scopes: readonly string[]
}

/**
 * Application-default credentials as they are now: of the file that GOOGLE_APPLICATION_CREDENTIALS names, of `gcloud`, or of
 * the machine. Where the library lets us, it asks through the client's proxy rules.
 *
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export async function loadDefaultClient({ scopes, fetch, signal }: DefaultClientOptions): Promise<GoogleAuthClient> {
  // It takes a tenth of a second, which programs with another identity need not wait for.
  const { GoogleAuth, gcpMetadata } = await import('google-auth-library')
  // It would remember for good that the metadata server was not there, which may only have been late.
  gcpMetadata.resetIsAvailableCache()
  return new GoogleAuth({
    scopes: [...scopes],
    // No cluster asks for it, and the library would run `gcloud` to find one.
    projectId: 'unused',
    // Errors keep what was sent: it is masked where an answer repeats it, and goes no further.
    clientOptions: { transporterOptions: { signal, fetchImplementation: strictFetch(fetch), errorRedactor: false } },
  }).getClient()
}

/** Whoever redirects gets no key sent after it. Of the init, only what a fetch knows. */
function strictFetch(fetch: CredentialFetch): CredentialFetch {
  return (input, { method, headers, body, signal } = {}) =>
    fetch(input, {
      redirect: 'manual',
      ...(method !== undefined && { method }),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
      ...(signal !== undefined && { signal }),
    })
}
