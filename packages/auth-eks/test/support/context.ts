import type { AuthInfoContext, CredentialContext } from '@kubeclient/core/spec'

export const now: number = Date.UTC(2026, 10, 28, 11, 9, 51)

/** As a client asks at first, with a clock that stands. */
export function credentialContext(context: Partial<CredentialContext> = {}): CredentialContext {
  return {
    signal: new AbortController().signal,
    reason: 'initial',
    now: () => now,
    fetch: () => Promise.reject(new Error('no network is needed')),
    ...context,
  }
}

export function authInfoContext(context: Partial<AuthInfoContext> = {}): AuthInfoContext {
  const cluster = { server: 'https://127.0.0.1:6443', tls: {}, extensions: [] }
  return { userName: 'u', cluster, directory: '/home/u/.kube', ...context }
}
