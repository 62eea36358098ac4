import type { ClientConfig, CredentialContext, CredentialProvider, Credentials } from '@kubeclient/core/spec'

/** The clock of {@link askedFor}, in milliseconds. */
export const now = 1_000_000

const fetch = (): Promise<never> => Promise.reject(new Error('files need no network'))

/** What a client tells a provider. */
export function askedFor(reason: CredentialContext['reason'], previous?: Credentials): CredentialContext {
  const { signal } = new AbortController()
  return { reason, signal, now: () => now, fetch, ...(previous !== undefined && { previous }) }
}

export function providerIn({ credentials }: Pick<ClientConfig, 'credentials'>): CredentialProvider {
  if (credentials !== undefined && 'getCredentials' in credentials) return credentials
  throw new Error('expected a provider')
}

/** The first answer of the provider. */
export function answerOf(credentials: ClientConfig['credentials']): Promise<Credentials> {
  return providerIn({ credentials }).getCredentials(askedFor('initial'))
}
