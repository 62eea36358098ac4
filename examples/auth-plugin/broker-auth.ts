import { ConfigError, CredentialError, type CredentialPlugin } from '@kubeclient/core/spec'

export interface BrokerAuthOptions {
  /** The token broker. Not from the kubeconfig, whose author would then be sent the key. */
  url: string
  key: string
}

/** Serves `auth-provider: { name: broker, config: { team } }` with tokens that a broker hands out over HTTP. */
export function brokerAuth({ url, key }: BrokerAuthOptions): CredentialPlugin {
  return {
    specVersion: 'v1',
    name: 'broker',
    fromAuthInfo(authInfo, { userName }) {
      const entry = authInfo['auth-provider']
      if (entry?.name !== 'broker') return undefined
      const team = entry.config?.['team']
      if (typeof team !== 'string' || !/^[a-z0-9-]{1,63}$/.test(team))
        throw new ConfigError('its auth-provider "broker" needs the name of a team as "team"')
      const fail = (text: string): CredentialError =>
        new CredentialError(`user ${JSON.stringify(userName)}: the token broker ${text}`, { provider: 'broker' })
      return {
        name: 'broker',
        async getCredentials({ fetch, signal, now }) {
          const init = { method: 'POST', headers: { authorization: `Bearer ${key}` }, signal }
          const response = await fetch(new URL(`teams/${team}/token`, url), init).catch(() => {
            signal.throwIfAborted()
            throw fail('cannot be reached; is its url right?')
          })
          if (!response.ok)
            throw fail(`answered ${response.status}; is the key right, and may it sign in for the team?`)
          const { token, seconds } = await answer(response)
          signal.throwIfAborted()
          if (typeof token !== 'string' || !/^[\w.~+/=-]+$/.test(token) || typeof seconds !== 'number')
            throw fail('answered without a token; is its url right?')
          return { token, expiresAt: new Date(now() + seconds * 1000) }
        },
      }
    },
  }
}

/** No part of it may be in an error: not even the parser's, which quotes it. */
async function answer(response: Response): Promise<{ token?: unknown; seconds?: unknown }> {
  const data: unknown = await response.json().catch(() => undefined)
  return typeof data === 'object' && data !== null ? data : {}
}
