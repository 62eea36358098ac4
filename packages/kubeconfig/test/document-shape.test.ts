import { parseKubeconfig } from '@kubeclient/kubeconfig/parse'
import { describe, expect, it } from 'vitest'
import { base64, fixture, kubeconfig } from './kubeconfig.ts'

describe('the shape of a kubeconfig', () => {
  it.each<[string, object]>([
    ['no apiVersion and kind', { apiVersion: undefined, kind: undefined }],
    ['empty ones', { apiVersion: '', kind: '' }],
    ['null ones', { apiVersion: null, kind: null }],
    ['unknown fields', { preferences: { colors: true }, Users: 7 }],
    ['extensions at the top', { extensions: [{ name: 'x', extension: { deep: [1] } }] }],
  ])('takes %s', async (_, change) => {
    const config = await parseKubeconfig({ ...kubeconfig({ user: { token: 't' } }), ...change }).clientConfig()

    expect(config.credentials).toEqual({ token: 't' })
  })

  it.each<[string, object, string]>([
    ['another kind', { kind: 'Pod' }, 'kind "Pod"'],
    ['a kind in lower case', { kind: 'config' }, 'kind "config"'],
    ['another apiVersion', { apiVersion: 'v2' }, 'apiVersion "v2"'],
    ['an apiVersion with a group', { apiVersion: 'client/v1' }, 'apiVersion "client/v1"'],
    ['a number as apiVersion', { apiVersion: 1 }, '"apiVersion" must be a string, not a number'],
    ['a mapping of users', { users: { a: 'b' } }, '"users" must be a list, not a mapping'],
    ['a user that is a string', { users: ['alice'] }, 'must be a mapping, not a string'],
    ['a name that is a boolean', { users: [{ name: true }] }, '"name" must be a string, not a boolean'],
    ['a name twice', { users: [{ name: 'u' }, { name: 'u' }] }, 'user "u": is in the file twice'],
    ['two entries without a name', { users: [null, {}] }, 'user "": is in the file twice'],
  ])('refuses %s', (_, change, message) => {
    expect(() => parseKubeconfig({ ...kubeconfig(), ...change })).toThrow(message)
  })

  it.each<[string, object, string]>([
    ['a number as token', { token: 123 }, 'user "u": "token" must be a string, not a number; put it in quotes'],
    ['a scalar as groups', { as: 'a', 'as-groups': 'g' }, '"as-groups" must be a list, not a string'],
    ['a scalar as extra value', { as: 'a', 'as-user-extra': { k: 'v' } }, '"k" must be a list, not a string'],
    ['a number as an argument', { exec: { args: [1] } }, '"args" must be a string, not a number'],
    ['a number as a variable', { exec: { env: [{ name: 'A', value: 1 }] } }, '"value" must be a string, not a number'],
    ['a boolean in auth-provider', { 'auth-provider': { name: 'x', config: { k: true } } }, '"k" must be a string'],
    ['extensions that are no list', { extensions: {} }, '"extensions" must be a list, not a mapping'],
  ])('refuses %s', (_, user, message) => {
    expect(() => parseKubeconfig(kubeconfig({ user }))).toThrow(message)
  })

  it.each<unknown>(['true', 1, 'tRue', 'yes', []])('refuses %j as insecure-skip-tls-verify', (value) => {
    expect(() => parseKubeconfig(kubeconfig({ cluster: { 'insecure-skip-tls-verify': value } }))).toThrow(
      'cluster "k": "insecure-skip-tls-verify" must be true or false',
    )
  })

  it.each<[string, string]>([
    ['a space', 'YW Jj'],
    ['the url-safe alphabet', '-_-_'],
    ['missing padding', 'YQ'],
    ['trailing garbage', 'YQ==x'],
    ['padding only', '===='],
    ['another script', 'жжжж'],
  ])('refuses base64 with %s, in any entry', (_, data) => {
    const broken = { name: 'other', user: { 'client-key-data': data } }

    expect(() => parseKubeconfig({ ...kubeconfig(), users: [{ name: 'u', user: {} }, broken] })).toThrow(
      'user "other": "client-key-data" is not base64',
    )
  })

  it('takes base64 with line breaks', async () => {
    const data = base64(fixture('ca.pem')).replaceAll(/.{64}/g, '$&\r\n')
    const config = await parseKubeconfig(kubeconfig({ cluster: { 'certificate-authority-data': data } })).clientConfig()

    expect(config.tls).toEqual({ ca: fixture('ca.pem') })
  })

  it('reads null for a field as its absence', async () => {
    const user = { token: null, 'as-groups': null, exec: null, 'auth-provider': null, extensions: null }
    const config = await parseKubeconfig(kubeconfig({ user, context: { namespace: null } })).clientConfig()

    expect(config).toEqual({ server: 'https://127.0.0.1:6443' })
  })

  it.each<unknown>([null, undefined, []])('reads %j for a list as an empty list', (value) => {
    expect(parseKubeconfig({ ...kubeconfig(), contexts: value, users: value, clusters: value }).contexts).toEqual([])
  })

  it('reads an entry without content as an empty one', async () => {
    const config = await parseKubeconfig({ ...kubeconfig(), users: [{ name: 'u' }] }).clientConfig()

    expect(config.credentials).toBeUndefined()
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '2020-01-01', '123', 'a b\n'])(
    'takes %j as a name like any other',
    async (name) => {
      const text = JSON.stringify({
        'current-context': name,
        clusters: [{ name, cluster: { server: 'https://h' } }],
        users: [{ name, user: { token: 'right' } }],
        contexts: [{ name, context: { cluster: name, user: name } }],
      })

      expect((await parseKubeconfig(text).clientConfig()).credentials).toEqual({ token: 'right' })
    },
  )

  it.each(['__proto__', 'constructor', 'toString'])('does not find %s where it is not', async (name) => {
    await expect(parseKubeconfig(kubeconfig({ context: { user: name } })).clientConfig()).rejects.toThrow(
      'which is not there',
    )
    await expect(parseKubeconfig(kubeconfig({ context: { cluster: name } })).clientConfig()).rejects.toThrow(
      'which is not there',
    )
    await expect(parseKubeconfig(kubeconfig()).clientConfig({ context: name })).rejects.toThrow(`no context "${name}"`)
  })

  it('reads no field from what __proto__ says', async () => {
    const text = JSON.stringify(kubeconfig()).replace('"user":{}', '"user":{"__proto__":{"token":"planted"}}')
    const config = await parseKubeconfig(text).clientConfig()

    expect(text).toContain('planted')
    expect(config.credentials).toBeUndefined()
    expect(Object.hasOwn(Object.prototype, 'token')).toBe(false)
  })

  it('keeps __proto__ as a key of auth-provider and impersonation', async () => {
    const user = '{"as":"a","as-user-extra":{"__proto__":["x"]}}'
    const config = await parseKubeconfig(
      JSON.stringify(kubeconfig()).replace('"user":{}', `"user":${user}`),
    ).clientConfig()

    expect(Object.entries(config.impersonate?.extra ?? {})).toEqual([['__proto__', ['x']]])
  })

  it.each<[string, object | string]>([
    ['a path', '/home/me/.kube/config'],
    ['a list', []],
    ['bytes', new Uint8Array(3)],
    ['a promise', Promise.resolve('')],
  ])('refuses %s instead of a kubeconfig', async (_, value) => {
    await expect((async () => parseKubeconfig(value).clientConfig())()).rejects.toThrow(
      /the kubeconfig.* must be .*, not /,
    )
  })

  it('refuses an object whose shared parts would be gigabytes of JSON', () => {
    let shared: unknown = 'x'
    for (let level = 0; level < 30; level += 1) shared = [shared, shared]

    expect(() => parseKubeconfig({ extensions: [{ name: 'x', extension: shared }] })).toThrow('too large')
  })

  it('refuses an object that contains itself', () => {
    const loop: Record<string, unknown> = {}
    loop['loop'] = loop

    expect(() => parseKubeconfig({ ...kubeconfig(), extensions: [{ name: 'x', extension: loop }] })).toThrow(
      'contains itself',
    )
  })
})
