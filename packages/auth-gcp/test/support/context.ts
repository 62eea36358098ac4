import type { AuthInfoContext, CredentialContext } from '@kubeclient/core/spec'

/** As a client asks at first. */
export function credentialContext(context: Partial<CredentialContext> = {}): CredentialContext {
  return {
    signal: new AbortController().signal,
    reason: 'initial',
    now: Date.now,
    fetch: () => Promise.reject(new Error('no network is needed')),
    ...context,
  }
}

export function authInfoContext(context: Partial<AuthInfoContext> = {}): AuthInfoContext {
  const cluster = { server: 'https://127.0.0.1:6443', tls: {}, extensions: [] }
  return { userName: 'u', cluster, directory: '/home/u/.kube', ...context }
}
