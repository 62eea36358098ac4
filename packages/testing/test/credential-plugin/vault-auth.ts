import {
  CredentialError,
  type AuthInfo,
  type AuthInfoContext,
  type CredentialContext,
  type CredentialPlugin,
  type Credentials,
} from '@kubeclient/core/spec'

/** The parts of a plugin that keeps all rules; a test breaks one of them. */
export interface Parts {
  readonly plugin: Partial<CredentialPlugin>
  readonly takes: (entry: AuthInfo, context: AuthInfoContext) => boolean
  readonly get: (entry: AuthInfo, context: CredentialContext, info: AuthInfoContext) => Promise<Credentials>
}

/** A plugin for `auth-provider: { name: vault, config: { path } }`, which asks a server for a token. */
export function vaultAuth({ plugin, takes = isVault, get = askVault }: Partial<Parts> = {}): CredentialPlugin {
  return {
    specVersion: 'v1',
    name: 'vault',
    fromAuthInfo(entry, info) {
      if (!takes(entry, info)) return undefined
      return { name: 'vault', getCredentials: (context) => get(entry, context, info) }
    },
    ...plugin,
  }
}

export function isVault({ 'auth-provider': provider }: AuthInfo): boolean {
  return provider?.name === 'vault'
}

export const askVault: Parts['get'] = async ({ 'auth-provider': provider }, { fetch, signal, now }) => {
  const path = encodeURIComponent(String(provider?.config?.['path']).toWellFormed().slice(0, 100))
  const response = await fetch(`https://vault.invalid/v1/${path}`, {
    headers: { 'x-vault-token': provider?.config?.['vault-token'] ?? '' },
    signal,
  }).catch(() => {
    signal.throwIfAborted()
    throw failure('cannot be reached')
  })
  if (!response.ok) throw failure(`answered ${response.status}`)
  const { token, ttl } = readToken(await response.text())
  return { token, expiresAt: new Date(now() + ttl * 1000) }
}

function readToken(text: string): { token: string; ttl: number } {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw failure('answered no JSON')
  }
  const { token, ttl }: { token?: unknown; ttl?: unknown } = Object(data)
  if (typeof token !== 'string' || typeof ttl !== 'number') throw failure('answered without a token')
  return { token, ttl }
}

export function failure(text: string, cause?: unknown): CredentialError {
  return new CredentialError(`vault ${text}; is VAULT_ADDR right?`, { provider: 'vault' }, { cause })
}
