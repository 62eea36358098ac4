import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { oidcCredentials } from '../src/index.ts'
import { everythingShown, failure } from './support/failure.ts'
import { askedWith, noFetch, providerOf } from './support/sign-in.ts'
import {
  clientId,
  clientSecret,
  startProvider,
  type ProviderOptions,
  type TestProvider,
} from './support/start-provider.ts'

async function provider(options?: ProviderOptions): Promise<TestProvider> {
  const running = await startProvider(options)
  onTestFinished(() => running.stop())
  return running
}

/** The `auth-provider` of somebody who has signed in there. */
function entry({ issuer, ca }: TestProvider, tokens: Readonly<Record<string, string>>): Record<string, string> {
  return {
    'idp-issuer-url': issuer,
    'client-id': clientId,
    'client-secret': clientSecret,
    'idp-certificate-authority-data': btoa(ca),
    ...tokens,
  }
}

/** Who a token is for. */
function subjectOf(token: string | undefined): unknown {
  const claims: { sub?: unknown } = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())
  return claims.sub
}

describe('an id token that lasts', () => {
  it('is used without any network, and with its end', async () => {
    const idp = await provider()
    const idToken = idp.idToken('jane', 60)
    const user = providerOf(entry(idp, { 'id-token': idToken }))

    const credentials = await user.getCredentials(askedWith({ fetch: noFetch }))

    expect(credentials.token).toBe(idToken)
    expect(Math.abs(Date.now() + 60_000 - Number(credentials.expiresAt))).toBeLessThan(2000)
    expect(idp.asked).toEqual([])
  })

  it('is not given a second time to a client that needs another', async () => {
    const idp = await provider()
    const user = providerOf(
      entry(idp, { 'id-token': idp.idToken('jane', 60), 'refresh-token': await idp.signIn('jane') }),
    )
    const first = await user.getCredentials(askedWith())

    const refused = await user.getCredentials(askedWith({ reason: 'refused', previous: first }))
    const expiring = await user.getCredentials(askedWith({ previous: refused }))

    expect(refused.token).not.toBe(first.token)
    expect(subjectOf(expiring.token)).toBe('jane')
    expect(idp.refreshes()).toBe(2)
  })

  it('that has ended, without a refresh token, is an error that says to sign in', async () => {
    const idp = await provider()
    const error = await failure(
      providerOf(entry(idp, { 'id-token': idp.idToken('jane', 5) })).getCredentials(askedWith()),
    )

    expect(error.message).toBe(
      `user "u": the OpenID provider ${idp.issuer} is not asked: the id token is of no use any more, and there is no refresh token; sign in again`,
    )
    expect(idp.asked).toEqual([])
  })
})

describe('a refresh token', () => {
  it.each<[string, ProviderOptions, Record<string, string>]>([
    ['a client that signs in with a header', {}, {}],
    ['a client that signs in in the body', { clientAuth: 'client_secret_post' }, {}],
    ['a public client', { clientAuth: 'none' }, { 'client-secret': '' }],
  ])('gives an id token to %s', async (_, options, change) => {
    const idp = await provider(options)
    const user = providerOf(entry(idp, { 'refresh-token': await idp.signIn('jane'), ...change }))

    const { token, expiresAt } = await user.getCredentials(askedWith())

    expect(subjectOf(token)).toBe('jane')
    expect(Math.abs(Date.now() + 3_600_000 - Number(expiresAt))).toBeLessThan(5000)
    expect(idp.asked).toEqual(['/.well-known/openid-configuration', '/token'])
  })

  it('that was rotated is used from then on, and whoever does not keep it is told once', async () => {
    const idp = await provider()
    const user = providerOf(entry(idp, { 'refresh-token': await idp.signIn('jane') }))

    let previous = await user.getCredentials(askedWith())
    for (let round = 0; round < 3; round += 1) previous = await user.getCredentials(askedWith({ previous }))

    expect(subjectOf(previous.token)).toBe('jane')
    expect(idp.refreshes()).toBe(4)
    expect(user.warnings).toEqual([
      'user "u": its refresh token was replaced, and the new one ends with this process, as nothing keeps it',
    ])
  })

  it('that is not rotated goes on', async () => {
    const idp = await provider({ rotates: false })
    const user = providerOf(entry(idp, { 'refresh-token': await idp.signIn('jane') }))

    const previous = await user.getCredentials(askedWith())
    expect(subjectOf((await user.getCredentials(askedWith({ previous }))).token)).toBe('jane')
    expect(user.warnings).toEqual([])
  })

  it('is sent once for two clients that share a configuration', async () => {
    const idp = await provider()
    const user = providerOf(entry(idp, { 'refresh-token': await idp.signIn('jane') }))

    const [one, other] = await Promise.all([user.getCredentials(askedWith()), user.getCredentials(askedWith())])

    expect(one).toEqual(other)
    expect(idp.refreshes()).toBe(1)
  })

  it('replaces an id token that is none', async () => {
    const idp = await provider()
    const user = providerOf(entry(idp, { 'id-token': 'broken', 'refresh-token': await idp.signIn('jane') }))

    expect(subjectOf((await user.getCredentials(askedWith())).token)).toBe('jane')
  })

  it.each<[string, (idp: TestProvider, token: string) => Promise<void>]>([
    ['was made up', async () => undefined],
    ['was revoked', (idp, token) => idp.revoke(token)],
    [
      'was used elsewhere',
      async (idp, token) => void (await providerOf(entry(idp, { 'refresh-token': token })).getCredentials(askedWith())),
    ],
  ])('that %s is an error that says to sign in again, without it', async (what, happen) => {
    const idp = await provider()
    const refreshToken = what === 'was made up' ? 'hunter2-hunter2' : await idp.signIn('jane')
    await happen(idp, refreshToken)
    const error = await failure(providerOf(entry(idp, { 'refresh-token': refreshToken })).getCredentials(askedWith()))

    expect(error.message).toContain(`${idp.issuer} refuses the refresh token ("invalid_grant", 400`)
    expect(error.message).toContain('sign in again')
    expect(error.provider).toBe('oidc')
    expect(error.cause).toBeUndefined()
    expect(everythingShown(error)).not.toContain(refreshToken)
    expect(everythingShown(error)).not.toContain(clientSecret)
  })

  it('of another client, or with a wrong secret, is an error that names the client', async () => {
    const idp = await provider()
    const user = providerOf(entry(idp, { 'refresh-token': await idp.signIn('jane'), 'client-secret': 'wrong-secret' }))

    const error = await failure(user.getCredentials(askedWith()))

    expect(error.message).toContain('does not accept the client "kubernetes"')
    expect(everythingShown(error)).not.toContain('wrong-secret')
  })

  it('is asked for the scopes of the sign-in, whatever extra-scopes says, as in kubectl', async () => {
    const idp = await provider()
    const user = providerOf(entry(idp, { 'refresh-token': await idp.signIn('jane'), 'extra-scopes': 'groups' }))

    expect(subjectOf((await user.getCredentials(askedWith())).token)).toBe('jane')
  })
})

describe('the CA of the provider', () => {
  it('may be a file beside the kubeconfig, read for each renewal', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'auth-oidc-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const idp = await provider()
    const { 'idp-certificate-authority-data': _, ...config } = entry(idp, { 'refresh-token': await idp.signIn('jane') })
    const options = { context: { directory: folder } }
    const user = providerOf({ ...config, 'idp-certificate-authority': 'ca.pem' }, options)

    expect((await failure(user.getCredentials(askedWith()))).message).toContain(
      `"${join(folder, 'ca.pem')}" of "idp-certificate-authority" cannot be read: ENOENT`,
    )
    await writeFile(join(folder, 'ca.pem'), 'hunter2')
    const error = await failure(user.getCredentials(askedWith()))
    expect(error.message).toContain('holds no certificate')
    expect(everythingShown(error)).not.toContain('hunter2')
    await writeFile(join(folder, 'ca.pem'), idp.ca)
    expect(subjectOf((await user.getCredentials(askedWith())).token)).toBe('jane')
  })

  it.each(['/dev/zero', '/'])('is not read from %s', async (path) => {
    const idp = await provider()
    const { 'idp-certificate-authority-data': _, ...config } = entry(idp, { 'refresh-token': 'a-refresh-token' })
    const user = providerOf({ ...config, 'idp-certificate-authority': path }, { context: { directory: '/tmp' } })

    expect((await failure(user.getCredentials(askedWith()))).message).toContain('is no ordinary file')
  })

  it('has to be given where the system does not know it', async () => {
    const idp = await provider()
    const config = entry(idp, { 'refresh-token': await idp.signIn('jane'), 'idp-certificate-authority-data': '' })

    const error = await failure(providerOf(config).getCredentials(askedWith()))

    expect(error.message).toBe(
      `user "u": the OpenID provider ${idp.issuer} cannot be asked at "${idp.issuer}/.well-known/openid-configuration": its certificate is not signed by a CA that is trusted here; give its CA ("idp-certificate-authority-data", \`ca\`)`,
    )
    expect(idp.asked).toEqual([])
  })
})

describe('oidcCredentials', () => {
  it('signs in without a kubeconfig, and tells of each rotated refresh token before it is used', async () => {
    const idp = await provider()
    const told: (string | undefined)[][] = []
    const user = oidcCredentials({
      issuer: idp.issuer,
      clientId,
      clientSecret,
      ca: idp.ca,
      refreshToken: await idp.signIn('jane'),
      onRotated: async ({ idToken, refreshToken }) => void told.push([idToken, refreshToken]),
    })

    const first = await user.getCredentials(askedWith())
    const second = await user.getCredentials(askedWith({ previous: first }))

    expect(told.map(([idToken]) => idToken)).toEqual([first.token, second.token])
    expect(new Set(told.map(([, refreshToken]) => refreshToken)).size).toBe(2)
  })

  it('asks for scopes if it is told to, and says when the provider does not give them', async () => {
    const idp = await provider()
    const options = { issuer: idp.issuer, clientId, clientSecret, ca: idp.ca, onRotated: () => Promise.resolve() }
    const granted = oidcCredentials({ ...options, refreshToken: await idp.signIn('jane'), scopes: ['offline_access'] })
    const denied = oidcCredentials({ ...options, refreshToken: await idp.signIn('jane'), scopes: ['profile'] })

    expect(subjectOf((await granted.getCredentials(askedWith())).token)).toBe('jane')
    const error = await failure(denied.getCredentials(askedWith()))
    expect(error.message).toContain('OpenID Connect: the OpenID provider')
    expect(error.message).toContain('does not give these scopes ("invalid_scope"')
  })
})
