import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import { createCertificateAuthority } from '../../../testing/src/certificates.ts'

export const clientId = 'kubernetes'
export const clientSecret = 'client: secret/of&the=tests'

export interface ProviderOptions {
  /** Lifetime of id tokens, in seconds. @defaultValue an hour */
  readonly idTokenSeconds?: number
  /** Each refresh token is good for one use; a second one ends them all. @defaultValue true */
  readonly rotates?: boolean
  /** How the client says who it is. @defaultValue 'client_secret_basic' */
  readonly clientAuth?: 'client_secret_basic' | 'client_secret_post' | 'none'
}

export interface TestProvider {
  readonly issuer: string
  /** PEM. */
  readonly ca: string
  /** Paths asked for, in order. */
  readonly asked: readonly string[]
  /** How often tokens were asked for. */
  readonly refreshes: () => number
  /** A refresh token as a sign-in of this user gives. */
  signIn(user: string): Promise<string>
  /** Ends a sign-in, as an administrator does. */
  revoke(refreshToken: string): Promise<void>
  /** An id token of this user that ends in so many seconds, or has ended. */
  idToken(user: string, seconds: number): string
  stop(): Promise<void>
}

/** A real OpenID provider on this machine, over TLS with a CA of its own. */
export async function startProvider(options: ProviderOptions = {}): Promise<TestProvider> {
  const authority = await createCertificateAuthority({ commonName: 'CA of the OpenID provider' })
  const server = createServer(await authority.issue({ commonName: 'provider', sans: ['127.0.0.1'] }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  const issuer = `https://127.0.0.1:${port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'tests', use: 'sig', alg: 'RS256' }
  const provider = new Provider(issuer, configuration(jwk, options))
  const asked: string[] = []
  server.on('request', ({ url = '' }: IncomingMessage) => asked.push(url))
  server.on('request', provider.callback())

  return {
    issuer,
    ca: authority.cert,
    asked,
    refreshes: () => asked.filter((url) => url === '/token').length,
    signIn: (user) => refreshTokenOf(provider, user),
    async revoke(refreshToken) {
      await (await provider.RefreshToken.find(refreshToken))?.destroy()
    },
    idToken(user, seconds) {
      const now = Math.floor(Date.now() / 1000)
      const claims = { iss: issuer, aud: clientId, sub: user, iat: now - 3600, exp: now + seconds }
      const text = [{ alg: 'RS256', kid: 'tests' }, claims].map(encoded).join('.')
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
    },
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

async function refreshTokenOf(provider: Provider, user: string): Promise<string> {
  const scope = 'openid offline_access'
  const grant = new provider.Grant({ accountId: user, clientId })
  grant.addOIDCScope(scope)
  const grantId = await grant.save()
  const client = await provider.Client.find(clientId)
  return new provider.RefreshToken({ accountId: user, client, grantId, gty: 'authorization_code', scope }).save()
}

function configuration(jwk: object, { idTokenSeconds = 3600, rotates = true, clientAuth }: ProviderOptions): object {
  const method = clientAuth ?? 'client_secret_basic'
  const client = {
    client_id: clientId,
    ...(method !== 'none' && { client_secret: clientSecret }),
    token_endpoint_auth_method: method,
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['https://127.0.0.1/callback'],
  }
  const seconds = { AccessToken: 3600, Grant: 86_400, IdToken: idTokenSeconds, RefreshToken: 86_400 }
  return {
    adapter: createMemoryAdapter(0),
    clients: [client],
    clientAuthMethods: [method],
    jwks: { keys: [jwk] },
    ttl: seconds,
    rotateRefreshToken: rotates,
    scopes: ['openid', 'offline_access'],
    cookies: { keys: ['of no use here'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
  }
}
