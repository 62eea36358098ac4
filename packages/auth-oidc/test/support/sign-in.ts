import {
  type AuthInfoContext,
  type CredentialContext,
  type CredentialFetch,
  type CredentialProvider,
} from '@kubeclient/core/spec'
import { onTestFinished } from 'vitest'
import { credentialFetcher } from '../../../core/src/transport/credential-fetch.ts'
import { httpsTransport } from '../../../core/src/transport/https-transport.ts'
import { oidcAuth, type OidcAuthOptions } from '../../src/index.ts'

/** The fetch that a client hands to providers. */
export function clientFetch(): CredentialFetch {
  const timeouts = { connectMs: 30_000, responseMs: 70_000 }
  const fetcher = credentialFetcher({ factory: httpsTransport, proxyFor: () => undefined, timeouts })
  onTestFinished(() => fetcher.close(new Error('the test is over')))
  return fetcher.fetch
}

export const noFetch: CredentialFetch = () => Promise.reject(new Error('no network is needed'))

/** What a client tells a provider; the reason follows from what it has already. */
export function askedWith(context: Partial<CredentialContext> = {}): CredentialContext {
  const reason = context.previous === undefined ? 'initial' : 'expiring'
  return { reason, signal: new AbortController().signal, now: Date.now, fetch: clientFetch(), ...context }
}

export function authInfoContext(context: Partial<AuthInfoContext> = {}): AuthInfoContext {
  return { userName: 'u', cluster: { server: 'https://127.0.0.1:6443', tls: {}, extensions: [] }, ...context }
}

export interface EntryOptions extends OidcAuthOptions {
  readonly context?: Partial<AuthInfoContext>
}

/** The provider of an `auth-provider: oidc` entry, and what it warned of. */
export function providerOf(
  config: Readonly<Record<string, string>>,
  { context, ...options }: EntryOptions = {},
): CredentialProvider & { readonly warnings: readonly string[] } {
  const warnings: string[] = []
  const plugin = oidcAuth({ onWarning: (text) => void warnings.push(text), ...options })
  const provider = plugin.fromAuthInfo({ 'auth-provider': { name: 'oidc', config } }, authInfoContext(context))
  if (provider === undefined) throw new Error('the plugin did not take the entry')
  return { ...provider, warnings }
}
