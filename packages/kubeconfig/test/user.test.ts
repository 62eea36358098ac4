import { parseKubeconfig } from '@kubeclient/kubeconfig/parse'
import { describe, expect, it } from 'vitest'
import { base64, everythingShown, fixture, kubeconfig, rejection } from './kubeconfig.ts'

const pair = { cert: fixture('client.pem'), key: fixture('client-key.pem') }
const pairData = { 'client-certificate-data': base64(pair.cert), 'client-key-data': base64(pair.key) }
const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'x', interactiveMode: 'Never' }

async function load(user: object, warnings: string[] = []) {
  return parseKubeconfig(kubeconfig({ user })).clientConfig({ onWarning: ({ text }) => warnings.push(text) })
}

describe('a user', () => {
  it.each<[string, object, object]>([
    ['a token', { token: 't' }, { credentials: { token: 't' } }],
    ['basic auth', { username: 'a', password: 'b:c' }, { credentials: { basic: { username: 'a', password: 'b:c' } } }],
    ['a user name only', { username: 'a' }, { credentials: { basic: { username: 'a', password: '' } } }],
    ['a certificate', pairData, { tls: { clientCertificate: pair } }],
    [
      'a certificate and a token',
      { ...pairData, token: 't' },
      { tls: { clientCertificate: pair }, credentials: { token: 't' } },
    ],
    ['nothing', {}, {}],
    ['a token and a command, which is not run', { token: 't', exec }, { credentials: { token: 't' } }],
    ['a certificate and a command, which is not run', { ...pairData, exec }, { tls: { clientCertificate: pair } }],
    [
      'a token and an auth-provider',
      { token: 't', 'auth-provider': { name: 'oidc' } },
      { credentials: { token: 't' } },
    ],
    ['somebody to be', { token: 't', as: 'bob' }, { credentials: { token: 't' }, impersonate: { user: 'bob' } }],
    [
      'somebody to be with all attributes',
      { as: 'bob', 'as-uid': '7', 'as-groups': ['g', 'h'], 'as-user-extra': { k: ['v', 'w'], none: null } },
      { impersonate: { user: 'bob', uid: '7', groups: ['g', 'h'], extra: { k: ['v', 'w'], none: [] } } },
    ],
  ])('signs in with %s', async (_, user, expected) => {
    expect(await load(user)).toEqual({ server: 'https://127.0.0.1:6443', ...expected })
  })

  it.each<[string, object, string]>([
    [
      'a token and a token file',
      { token: 'hunter2', tokenFile: 'f' },
      '"token" and "tokenFile" are both set; remove one',
    ],
    ['a token and a user name', { token: 'hunter2', username: 'a' }, '"token" and "username" are both set; remove one'],
    [
      'a token file and a user name',
      { tokenFile: 'f', username: 'a' },
      '"tokenFile" and "username" are both set; remove one',
    ],
    ['a token with a space', { token: 'hunter2 x' }, 'its "token" holds spaces, line breaks'],
    ['a token with a line break', { token: 'hunter2\r\nX-Evil: 1' }, 'its "token" holds spaces, line breaks'],
    ['a token that is not ASCII', { token: 'hunter2é' }, 'its "token" holds spaces, line breaks'],
    ['a colon in the user name', { username: 'a:hunter2', password: 'p' }, 'its "username" holds a colon'],
    [
      'a certificate without a key',
      { 'client-certificate-data': pairData['client-certificate-data'] },
      'add "client-key"',
    ],
    [
      'a certificate twice',
      { ...pairData, 'client-certificate': 'f' },
      '"client-certificate" and "client-certificate-data" are both set',
    ],
    ['a key twice', { ...pairData, 'client-key': 'f' }, '"client-key" and "client-key-data" are both set'],
    [
      'a certificate that is none',
      { ...pairData, 'client-certificate-data': base64('hunter2') },
      '"client-certificate-data" is not PEM',
    ],
    ['a key that is none', { ...pairData, 'client-key-data': base64('hunter2') }, '"client-key-data" is not PEM'],
    [
      'an encrypted key',
      { ...pairData, 'client-key-data': base64(fixture('encrypted-key.pem')) },
      '"client-key-data" is encrypted',
    ],
    [
      'a token file in a text',
      { tokenFile: '/etc/passwd' },
      '"tokenFile" names a file, and this kubeconfig was given as text',
    ],
    [
      'a certificate file in a text',
      { 'client-certificate': '/x', 'client-key': '/x' },
      '"client-certificate" names a file',
    ],
    ['a key file in a text', { ...pairData, 'client-key-data': null, 'client-key': '/x' }, '"client-key" names a file'],
    [
      'a command and an auth-provider',
      { exec, 'auth-provider': { name: 'oidc' } },
      '"exec" and "auth-provider" are both set',
    ],
    ['an auth-provider without a name', { token: 'hunter2', 'auth-provider': {} }, 'its "auth-provider" has no "name"'],
    ['an empty exec', { token: 'hunter2', exec: {} }, 'its "exec" has no "command"'],
    [
      'exec without apiVersion',
      { token: 'hunter2', exec: { ...exec, apiVersion: null } },
      'its "exec" has no "apiVersion"',
    ],
    [
      'exec of an old version',
      { exec: { ...exec, apiVersion: 'client.authentication.k8s.io/v1alpha1' } },
      'has the apiVersion "client.authentication.k8s.io/v1alpha1"',
    ],
    [
      'exec v1 without interactiveMode',
      { exec: { ...exec, interactiveMode: null } },
      'its "exec" has no "interactiveMode"',
    ],
    [
      'exec with another interactiveMode',
      { exec: { ...exec, interactiveMode: 'never' } },
      'the interactiveMode "never"',
    ],
    [
      'exec with a variable without a name',
      { exec: { ...exec, env: [{ value: 'hunter2' }] } },
      'an "env" entry without a name',
    ],
    ['a group without somebody', { 'as-groups': ['g'] }, 'need "as", the user to impersonate'],
    ['a uid without somebody', { 'as-uid': 'x' }, 'need "as", the user to impersonate'],
    ['an attribute without somebody', { 'as-user-extra': { k: ['v'] } }, 'need "as", the user to impersonate'],
    ['an empty group', { as: 'a', 'as-groups': [null, 'g'] }, 'its "as-groups" holds an empty name'],
    ['an empty attribute', { as: 'a', 'as-user-extra': { '': ['v'] } }, 'its "as-user-extra" holds an empty key'],
    ['a line break in a group', { as: 'a', 'as-groups': ['g\r\nX: 1'] }, 'holds a control character'],
    ['a blank at the end of somebody', { as: 'a ' }, 'one of its "as" fields begins or ends with a blank'],
    ['a blank in front of a group', { as: 'a', 'as-groups': [' g'] }, 'begins or ends with a blank'],
    ['a blank at the end of an attribute', { as: 'a', 'as-user-extra': { k: ['v '] } }, 'begins or ends with a blank'],
    [
      'one attribute in two cases',
      { as: 'a', 'as-user-extra': { Scopes: ['v'], scopes: ['w'] } },
      'its "as-user-extra" has two keys that differ in case only',
    ],
    ['a line break in an attribute', { as: 'a', 'as-user-extra': { 'k\n': ['v'] } }, 'holds a control character'],
  ])('is refused with %s', async (_, user, message) => {
    const error = await rejection(load(user))

    expect(error).toMatchObject({ code: 'KUBE_CONFIG', message: expect.stringContaining(message) })
    expect(error).toMatchObject({ message: expect.stringMatching(/^user "u": /) })
    expect(everythingShown(error)).not.toContain('hunter2')
  })

  it.each<[string, object, string]>([
    ['a password alone', { password: 'hunter2' }, 'user "u": "password" is ignored, as there is no "username"'],
    ['a key alone', { 'client-key-data': pairData['client-key-data'] }, 'user "u": "client-key-data" is ignored'],
    [
      'a misspelt field',
      { 'token-file': 'hunter2' },
      'user "u": ignores what is no field of a kubeconfig: "token-file"',
    ],
    ['a field in another case', { Token: 'hunter2' }, 'no field of a kubeconfig: "Token"'],
  ])('is anonymous with %s, and a warning says so', async (_, user, message) => {
    const warnings: string[] = []

    expect(await load(user, warnings)).toEqual({ server: 'https://127.0.0.1:6443' })
    expect(warnings).toEqual([expect.stringContaining(message)])
    expect(warnings.join('')).not.toContain('hunter2')
  })

  it('is not shown by the kubeconfig that holds it', () => {
    const shown = everythingShown(parseKubeconfig(kubeconfig({ user: { token: 'hunter2', password: 'hunter2' } })))

    expect(shown).not.toContain('hunter2')
  })
})
