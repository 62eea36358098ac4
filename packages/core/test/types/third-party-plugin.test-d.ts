import { CredentialError, type CredentialPlugin } from '@kubeclient/core/spec'

export interface VaultAuthOptions {
  url: string
  role?: string | undefined
}

/** Supports `auth-provider: {name: vault}` entries. */
export function vaultAuth({ url, role }: VaultAuthOptions): CredentialPlugin {
  return {
    specVersion: 'v1',
    name: 'vault',
    fromAuthInfo({ 'auth-provider': entry }, { userName }) {
      if (entry?.name !== 'vault') return undefined
      const path = entry.config?.['path'] ?? role ?? userName
      return {
        name: 'vault',
        async getCredentials({ fetch, signal, now, reason }) {
          const response = await fetch(new URL(`v1/${path}`, url), {
            method: reason === 'refused' ? 'POST' : 'GET',
            signal,
          })
          if (!response.ok)
            throw new CredentialError(`${userName}: Vault answered ${response.status}`, { provider: 'vault' })
          const { token, ttl } = (await response.json()) as { token: string; ttl?: number }
          return { token, expiresAt: ttl === undefined ? undefined : new Date(now() + ttl * 1000) }
        },
      }
    },
  }
}
