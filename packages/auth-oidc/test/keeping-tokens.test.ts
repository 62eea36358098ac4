import { type AuthInfo, ConfigError, type Credentials } from '@kubeclient/core/spec'
import { describe, expect, it } from 'vitest'
import { oidcCredentials, type OidcTokens, type OidcTokenStore } from '../src/index.ts'
import { scriptedProvider, tokens, type ScriptedProvider } from './support/scripted-provider.ts'
import { everythingShown, failure } from './support/failure.ts'
import { askedWith, type EntryOptions, noFetch, providerOf } from './support/sign-in.ts'

/** A provider whose tokens are numbered: `first`, then `second` and so on, each good for one use. */
async function rotating(): Promise<ScriptedProvider & { readonly spent: () => readonly (string | undefined)[] }> {
  const names = ['first', 'second', 'third', 'fourth', 'fifth']
  const provider = await scriptedProvider({
    token({ form }, issuer) {
      const uses = provider.requests.length
      if (form['refresh_token'] !== names[uses - 1]) return { status: 400, body: { error: 'invalid_grant' } }
      return { body: tokens(issuer, { jti: uses }, { refresh_token: names[uses] }) }
    },
  })
  return { ...provider, spent: () => provider.requests.map(({ form }) => form['refresh_token']) }
}

function userOf(issuer: string, options: EntryOptions): ReturnType<typeof providerOf> {
  return providerOf({ 'idp-issuer-url': issuer, 'client-id': 'kubernetes', 'refresh-token': 'first' }, options)
}

/** Asks for other credentials, `rounds` times. */
async function renew(
  user: Pick<ReturnType<typeof providerOf>, 'getCredentials'>,
  rounds: number,
): Promise<Credentials> {
  let previous = await user.getCredentials(askedWith())
  for (let round = 1; round < rounds; round += 1) previous = await user.getCredentials(askedWith({ previous }))
  return previous
}

/** Keeps tokens in memory, and knows what it was told. */
function memoryStore(stored?: OidcTokens): OidcTokenStore & { stored: OidcTokens | undefined; identities: unknown[] } {
  const store: ReturnType<typeof memoryStore> = {
    stored,
    identities: [],
    async update(identity, refresh) {
      store.identities.push(identity)
      store.stored = (await refresh(store.stored)) ?? store.stored
    },
  }
  return store
}

/** The entry of a file, as `persist` of the kubeconfig package has it. */
function file(entry: AuthInfo): { entry: AuthInfo; fails: boolean; persist: Persist } {
  const state = {
    entry,
    fails: false,
    async persist(update: (current: AuthInfo) => Promise<AuthInfo | undefined>) {
      const updated = await update(state.entry)
      if (state.fails) throw new ConfigError('cannot write the kubeconfig /k: ENOSPC; it is unchanged')
      state.entry = updated ?? state.entry
    },
  }
  return state
}

type Persist = (update: (current: AuthInfo) => Promise<AuthInfo | undefined>) => Promise<void>

function entryOf(issuer: string, config: Readonly<Record<string, string>>): AuthInfo {
  const own = { 'idp-issuer-url': issuer, 'client-id': 'kubernetes', note: 'kept' }
  return { 'auth-provider': { name: 'oidc', config: { ...own, ...config } }, extensions: [] }
}

describe('the kubeconfig', () => {
  it('gets the new tokens, and keeps the rest of the entry', async () => {
    const { issuer } = await rotating()
    const kubeconfig = file(entryOf(issuer, { 'refresh-token': 'first' }))

    const { token = '' } = await renew(userOf(issuer, { context: { persist: kubeconfig.persist } }), 2)

    expect(kubeconfig.entry).toEqual(entryOf(issuer, { 'refresh-token': 'third', 'id-token': token }))
  })

  it('is asked first: what another program has got since is used', async () => {
    const { issuer, spent } = await rotating()
    const idToken = String(Reflect.get(tokens(issuer), 'id_token'))
    const kubeconfig = file(entryOf(issuer, { 'refresh-token': 'second', 'id-token': idToken }))
    const user = userOf(issuer, { context: { persist: kubeconfig.persist } })

    expect((await user.getCredentials(askedWith({ fetch: noFetch }))).token).toBe(idToken)
    expect(spent()).toEqual([])
  })

  it('is left alone with `persist: false`', async () => {
    const { issuer } = await rotating()
    const kubeconfig = file(entryOf(issuer, { 'refresh-token': 'first' }))

    await renew(userOf(issuer, { persist: false, context: { persist: kubeconfig.persist } }), 2)

    expect(kubeconfig.entry).toEqual(entryOf(issuer, { 'refresh-token': 'first' }))
  })

  it('that cannot be written is no reason to lose tokens: they are used, and written later', async () => {
    const { issuer, spent } = await rotating()
    const kubeconfig = file(entryOf(issuer, { 'refresh-token': 'first' }))
    const user = userOf(issuer, { context: { persist: kubeconfig.persist } })
    kubeconfig.fails = true
    const second = await renew(user, 2)
    expect(kubeconfig.entry).toEqual(entryOf(issuer, { 'refresh-token': 'first' }))
    expect(user.warnings).toEqual([
      'user "u": its new tokens could not be stored, and end with this process: cannot write the kubeconfig /k: ENOSPC; it is unchanged',
    ])

    kubeconfig.fails = false
    const { token = '' } = await user.getCredentials(askedWith({ previous: second }))

    expect(spent()).toEqual(['first', 'second', 'third'])
    expect(kubeconfig.entry).toEqual(entryOf(issuer, { 'refresh-token': 'fourth', 'id-token': token }))
  })

  it('wins over tokens that could not be written once somebody has signed in again', async () => {
    const { issuer, requests } = await rotating()
    const kubeconfig = file(entryOf(issuer, { 'refresh-token': 'first' }))
    const user = userOf(issuer, { context: { persist: kubeconfig.persist } })
    kubeconfig.fails = true
    const previous = await user.getCredentials(askedWith())
    kubeconfig.entry = entryOf(issuer, { 'refresh-token': 'of-another-sign-in' })

    await failure(user.getCredentials(askedWith({ previous })))

    expect(requests.at(-1)?.form['refresh_token']).toBe('of-another-sign-in')
  })

  it('that cannot be locked costs no token, and the error says what else there is', async () => {
    const { issuer, spent } = await rotating()
    const reason = new ConfigError('cannot lock the kubeconfig: /k.lock is there')
    const context = { persist: () => Promise.reject(reason) }

    const error = await failure(userOf(issuer, { context }).getCredentials(askedWith()))

    expect(error.message).toBe(
      'user "u": cannot lock the kubeconfig: /k.lock is there; oidcAuth({ persist: false }) keeps new tokens in memory only',
    )
    expect(spent()).toEqual([])
  })

  it.each<[string, (issuer: string) => AuthInfo]>([
    ['in another way', () => ({ token: 't' })],
    ['at another provider', () => entryOf('https://evil.example.com', { 'refresh-token': 'first' })],
  ])('that signs in %s by now is not written to', async (_, now) => {
    const { issuer, spent } = await rotating()
    const kubeconfig = file(now(issuer))

    const error = await failure(
      userOf(issuer, { context: { persist: kubeconfig.persist } }).getCredentials(askedWith()),
    )

    expect(error.message).toContain('signs in otherwise by now; load it again')
    expect([kubeconfig.entry, spent()]).toEqual([now(issuer), []])
  })
})

describe('a store', () => {
  it('is warned of once for each time that it begins to fail', async () => {
    const { issuer } = await rotating()
    const kubeconfig = file(entryOf(issuer, { 'refresh-token': 'first' }))
    const user = userOf(issuer, { context: { persist: kubeconfig.persist } })
    kubeconfig.fails = true
    let previous = await renew(user, 2)
    expect(user.warnings).toHaveLength(1)

    kubeconfig.fails = false
    previous = await user.getCredentials(askedWith({ previous }))
    kubeconfig.fails = true
    await user.getCredentials(askedWith({ previous }))

    expect(user.warnings).toHaveLength(2)
  })

  it('is told whose tokens they are, and kept up to date instead of the file', async () => {
    const { issuer } = await rotating()
    const store = memoryStore()
    const kubeconfig = file(entryOf(issuer, { 'refresh-token': 'first' }))

    const { token } = await renew(userOf(issuer, { store, context: { persist: kubeconfig.persist } }), 2)

    expect(store.stored).toEqual({ idToken: token, refreshToken: 'third' })
    const identity = { issuer, clientId: 'kubernetes', userName: 'u' }
    expect(store.identities).toEqual([identity, identity])
    expect(kubeconfig.entry).toEqual(entryOf(issuer, { 'refresh-token': 'first' }))
  })

  it('wins over the kubeconfig', async () => {
    const { issuer } = await rotating()
    const first = memoryStore()
    await renew(userOf(issuer, { store: first }), 1)

    const again = memoryStore({ refreshToken: first.stored?.refreshToken })
    await renew(userOf(issuer, { store: again }), 1)

    expect(again.stored?.refreshToken).toBe('third')
  })

  it('that fails shows no token, and loses none', async () => {
    const { issuer, spent } = await rotating()
    const store: OidcTokenStore = {
      async update(_, refresh) {
        throw new Error(`cannot store ${JSON.stringify(await refresh(undefined))}`)
      },
    }
    const user = userOf(issuer, { store })
    const { token = '' } = await renew(user, 2)

    expect(spent()).toEqual(['first', 'second'])
    expect(user.warnings[0]).toContain('could not be stored, and end with this process: cannot store {')
    expect(user.warnings.join()).not.toContain('second')
    expect(user.warnings.join()).not.toContain(token)
  })

  it('that fails before it asks for tokens is an error, without its secrets', async () => {
    const { issuer } = await rotating()
    const reason = new Error('no such key: first')
    const store = { update: () => Promise.reject(reason) }
    const error = await failure(userOf(issuer, { store }).getCredentials(askedWith()))

    expect(error.message).toBe('user "u": no such key: ***')
    expect(everythingShown(error)).not.toContain('first')
  })
})

describe('who is told of rotated tokens', () => {
  it('hears of them at the next renewal when it could not take them, whether that brings others or not', async () => {
    const { issuer } = await scriptedProvider({
      token: ({ form }, at) => ({
        body: tokens(at, {}, form['refresh_token'] === 'first' ? { refresh_token: 'second' } : {}),
      }),
    })
    const told: string[] = []
    const user = oidcCredentials({
      issuer,
      clientId: 'kubernetes',
      refreshToken: 'first',
      onWarning: () => undefined,
      async onRotated({ refreshToken }) {
        told.push(refreshToken)
        if (told.length === 1) throw new Error('the vault is sealed')
      },
    })
    await renew(user, 3)

    expect(told).toEqual(['second', 'second'])
  })
})

const throwing = (): never => {
  throw new Error('no stderr')
}

describe('a warning that throws', () => {
  it('loses no token', async () => {
    const { issuer, spent } = await rotating()
    const kubeconfig = file(entryOf(issuer, { 'refresh-token': 'first' }))
    kubeconfig.fails = true
    const user = userOf(issuer, { onWarning: throwing, context: { persist: kubeconfig.persist } })
    await expect(user.getCredentials(askedWith())).rejects.toThrow('no stderr')
    await renew(user, 2)

    expect(spent()).toEqual(['first', 'second'])
  })
})

describe('who asks', () => {
  it('may leave: the refresh token that was sent is not lost', async () => {
    const sent = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const { issuer, requests } = await scriptedProvider({
      async token(_, at) {
        sent.resolve()
        await goOn.promise
        return { body: tokens(at, {}, { refresh_token: 'second' }) }
      },
    })
    const store = memoryStore()
    const user = userOf(issuer, { store })
    const leaving = new AbortController()
    const call = user.getCredentials(askedWith({ signal: leaving.signal }))
    await sent.promise
    leaving.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    goOn.resolve()

    const { token } = await user.getCredentials(askedWith())

    expect(store.stored).toEqual({ idToken: token, refreshToken: 'second' })
    expect(requests).toHaveLength(1)
  })

  it('may leave before anything was sent, and then nothing is', async () => {
    const { issuer, requests } = await rotating()
    const call = userOf(issuer, {}).getCredentials(askedWith({ signal: AbortSignal.abort(new Error('enough')) }))

    await expect(call).rejects.toThrow('enough')
    expect(requests).toEqual([])
  })

  it('is given new tokens once in ten seconds for a server that refuses all of them', async () => {
    const { issuer, spent } = await rotating()
    const user = userOf(issuer, { store: memoryStore() })
    let now = Date.now()
    const refuse = (previous: Credentials): Promise<Credentials> =>
      user.getCredentials(askedWith({ reason: 'refused', previous, now: () => now }))

    const first = await user.getCredentials(askedWith())
    const second = await refuse(first)
    expect(second.token).not.toBe(first.token)
    expect(await refuse(second)).toEqual(second)
    expect(spent()).toHaveLength(2)
    now += 10_000
    expect((await refuse(second)).token).not.toBe(second.token)
    expect(spent()).toHaveLength(3)
  })
})
