import { ConfigError } from '@kubeclient/core/spec'
import { describe, expect, it } from 'vitest'
import { oidcAuth, oidcCredentials } from '../src/index.ts'
import { everythingShown } from './support/failure.ts'
import { authInfoContext, providerOf } from './support/sign-in.ts'

const config = { 'idp-issuer-url': 'https://login.example.com', 'client-id': 'kubernetes', 'refresh-token': 'hunter2' }

function refused(make: () => unknown): ConfigError {
  try {
    make()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('oidcAuth', () => {
  it('is called oidc, and so is what it gives', () => {
    expect(oidcAuth()).toMatchObject({ name: 'oidc', specVersion: 'v1' })
    expect(providerOf(config)).toMatchObject({ name: 'oidc' })
  })

  it.each([
    ['nothing', {}],
    ['a token', { token: 't' }],
    ['another auth-provider', { 'auth-provider': { name: 'gcp', config } }],
    ['a command', { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'kubelogin' } }],
  ])('hands back an entry with %s', (_, authInfo) => {
    expect(oidcAuth().fromAuthInfo(authInfo, authInfoContext())).toBeUndefined()
  })

  it.each<[string, Record<string, string>, string]>([
    ['no issuer', { 'idp-issuer-url': '' }, '"idp-issuer-url" is absent'],
    ['no client', { 'client-id': '' }, '"client-id" is absent'],
    ['no token at all', { 'refresh-token': '' }, 'sign in, and store what you get'],
    ['an id token that is none', { 'refresh-token': '', 'id-token': 'hunter2' }, 'is no JSON web token'],
    ['an issuer that is no URL', { 'idp-issuer-url': 'login.example.com' }, 'is no URL'],
    ['an issuer with a password', { 'idp-issuer-url': 'https://a:hunter2@example.com' }, 'holds a user name'],
    ['an issuer over http', { 'idp-issuer-url': 'http://login.example.com' }, 'write https://'],
    ['an issuer that looks local', { 'idp-issuer-url': 'http://127.0.0.1.example.com' }, 'write https://'],
    ['a file as issuer', { 'idp-issuer-url': 'file:///etc/passwd' }, 'write https://'],
    ['an issuer of 3 kB', { 'idp-issuer-url': `https://a/${'x'.repeat(3000)}` }, 'is longer than 2,048 characters'],
    ['a line break', { 'idp-issuer-url': 'https://a\nforged' }, 'holds blanks'],
    ['a query', { 'idp-issuer-url': 'https://a/?hunter2' }, 'is the issuer alone'],
    ['the address of discovery', { 'idp-issuer-url': 'https://a/.well-known/openid-configuration' }, 'alone'],
    ['a CA that is no base64', { 'idp-certificate-authority-data': 'hunter2!' }, 'is no base64'],
    ['a CA that is no PEM', { 'idp-certificate-authority-data': btoa('hunter2') }, 'holds no certificate'],
    ['a CA file, and no file itself', { 'idp-certificate-authority': '/etc/ca.pem' }, 'names a file'],
  ])('refuses at once %s', (_, change, message) => {
    const error = refused(() => providerOf({ ...config, ...change }))

    expect(error.message).toContain(message)
    expect(everythingShown(error)).not.toContain('hunter2')
  })

  it.each([
    [{ persist: 'no' }, '`persist` is true or false'],
    [{ store: 'vault' }, '`store` is an object with a function `update`'],
    [{ onWarning: 'stderr' }, '`onWarning` is a function'],
    [null, 'the options are an object'],
  ])('refuses the options %j', (options, message) => {
    expect(refused(() => Reflect.apply(oidcAuth, undefined, [options])).message).toBe(`oidcAuth(): ${message}`)
  })

  it('takes an entry without "config" for one that lacks everything', () => {
    const error = refused(() => oidcAuth().fromAuthInfo({ 'auth-provider': { name: 'oidc' } }, authInfoContext()))
    expect(error.message).toContain('"idp-issuer-url" is absent')
  })

  it.each(['http://127.0.0.1:5556/dex', 'http://localhost:5556', 'http://[::1]:5556'])(
    'takes the local %s',
    (issuer) => {
      expect(providerOf({ ...config, 'idp-issuer-url': issuer }).name).toBe('oidc')
    },
  )
})

describe('oidcCredentials', () => {
  const options = { issuer: 'https://login.example.com', clientId: 'kubernetes', refreshToken: 'hunter2' }
  const store = { update: () => Promise.resolve() }

  it.each<[string, object, string]>([
    ['no issuer', { issuer: undefined }, '`issuer` is no URL'],
    ['an issuer over http', { issuer: new URL('http://login.example.com') }, '`issuer` is not https'],
    ['no client', { clientId: '' }, 'needs `clientId`'],
    ['no refresh token', { refreshToken: undefined }, 'needs `refreshToken`'],
    ['a file as CA', { ca: '/etc/ca.pem' }, '`ca` holds no certificate'],
    ['scopes that are no list', { scopes: 'groups' }, '`scopes` is a list of texts'],
    ['a scope that is no text', { scopes: [1] }, '`scopes` is a list of texts'],
    ['a secret that is no text', { clientSecret: 1 }, '`clientSecret` is no text'],
    ['a CA that is no text', { ca: ['hunter2'] }, '`ca` is no text'],
    ['an id token that is no text', { idToken: 1 }, '`idToken` is no text'],
    ['a store that is none', { store: {} }, '`store` is an object with a function `update`'],
    ['what cannot be told', { onRotated: true }, '`onRotated` is a function'],
    ['what cannot be warned', { onWarning: null }, '`onWarning` is a function'],
    ['two places for tokens', { store, onRotated: () => Promise.resolve() }, 'not both'],
  ])('refuses %s', (_, change, message) => {
    const error = refused(() => oidcCredentials({ ...options, ...change }))

    expect(error.message).toContain(message)
    expect(everythingShown(error)).not.toContain('hunter2')
  })

  it('refuses nothing at all', () => {
    expect(refused(() => Reflect.apply(oidcCredentials, undefined, [])).message).toContain('needs `clientId`')
  })

  it('shows no token to who looks at what it gives', () => {
    expect(everythingShown(oidcCredentials(options))).not.toContain('hunter2')
  })
})
