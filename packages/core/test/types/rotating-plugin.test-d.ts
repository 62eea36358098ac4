import { CredentialError, type AuthInfo, type CredentialPlugin } from '@kubeclient/core/spec'

const refresh: (
  refreshToken: string,
  fetchLike: typeof fetch,
) => Promise<{ id: string; refresh: string; expiresAt: Date }> = null!

export const rotatingAuth: CredentialPlugin = {
  specVersion: 'v1',
  name: 'rotating',
  fromAuthInfo: (entry, { persist, userName }) => {
    if (entry['auth-provider']?.name !== 'rotating') return undefined
    let current: AuthInfo = entry
    return {
      name: 'rotating',
      async getCredentials(context) {
        let result: { token: string; expiresAt: Date } | undefined
        const rotate = async (fresh: AuthInfo): Promise<AuthInfo> => {
          const provider = fresh['auth-provider']
          const old = provider?.config?.['refresh-token']
          if (provider === undefined || old === undefined)
            throw new CredentialError(`${userName}: sign in again`, { provider: 'rotating' })
          const next = await refresh(old, context.fetch)
          result = { token: next.id, expiresAt: next.expiresAt }
          return (current = {
            ...fresh,
            'auth-provider': { ...provider, config: { ...provider.config, 'refresh-token': next.refresh } },
          })
        }
        if (persist === undefined) await rotate(current)
        else await persist(rotate)
        return result ?? {}
      },
    }
  },
}
