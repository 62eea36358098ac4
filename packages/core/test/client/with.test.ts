import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, createClient, type Impersonation } from '../../src/index.ts'
import { caught } from '../support/caught.ts'
import { Node, Pod, storedPod } from '../support/kinds.ts'
import { legacyServer } from '../support/legacy-discovery.ts'
import { json, useServer } from '../support/scripted-server.ts'

const api = useServer()
let client: Client
beforeEach(() => {
  client = createClient({ server: api.url, retry: false, credentials: { token: 'abc' } })
})
afterEach(() => client.close())

/** Header lines of the last request whose name begins so, as they stood on the wire. */
function lines(prefix: string): string[] {
  return (api.requests.at(-1)?.lines ?? []).flatMap(([name, value]) =>
    name.toLowerCase().startsWith(prefix) ? [`${name.toLowerCase()}: ${value}`] : [],
  )
}

describe('with()', () => {
  it('changes the defaults of the new client, merges them, and leaves the old one as it was', async () => {
    const one = client.with({ namespace: 'a', headers: { 'x-a': '1', 'x-b': '1' } })
    const two = one.with({ fieldManager: 'app', fieldValidation: 'Strict', dryRun: true, headers: { 'x-b': '2' } })
    expect([client.namespace, one.namespace, two.namespace]).toEqual(['default', 'a', 'a'])
    api.reply(
      'POST /api/v1/namespaces/a/pods?fieldManager=app&fieldValidation=Strict&dryRun=All',
      json(storedPod('web')),
    )
    await two.resource(Pod).create({})
    expect(lines('x-')).toEqual(['x-a: 1', 'x-b: 2'])
    api.reply('POST /api/v1/namespaces/default/pods?fieldManager=kubeclient', json(storedPod('web')))
    await client.resource(Pod).create({})
    expect(lines('x-')).toEqual([])
  })

  it('undefined changes nothing', () => {
    expect(client.with({ namespace: 'a' }).with({ namespace: undefined, headers: undefined }).namespace).toBe('a')
  })

  it('shares connections and discovery', async () => {
    legacyServer(api)
    api.always('GET /api/v1/namespaces/a/pods/web', json(storedPod('web')))
    const derived = client.with({ namespace: 'a' })
    expect(derived.discovery).toBe(client.discovery)
    await derived.resource('pods').get('web')
    const asked = api.requests.length
    await client.resource('pods').get('web', { namespace: 'a' })
    expect(api.requests.length).toBe(asked + 1)
    expect(api.connections).toBeLessThanOrEqual(2)
  })

  it('header names count in any case, so that none is sent twice', async () => {
    api.always('GET /api/v1/nodes/n1', json({}))
    await client
      .with({ headers: { 'X-A': '1' } })
      .with({ headers: { 'x-a': '2' } })
      .resource(Node)
      .get('n1')
    expect(lines('x-a')).toEqual(['x-a: 2'])
    await client
      .with({ headers: { Authorization: 'Bearer own', Accept: 'text/plain' } })
      .resource(Node)
      .get('n1')
    expect(lines('authorization')).toEqual(['authorization: Bearer own'])
    expect(lines('accept').filter((line) => line.startsWith('accept:'))).toEqual(['accept: application/json'])
  })
})

describe('impersonation', () => {
  const whole: Impersonation = {
    user: 'alice@example.com',
    uid: 'u-1',
    groups: ['devs', 'ops, and more'],
    extra: { 'example.com/Scopes': ['view', 'edit'], 'a(b)%': ['c'] },
  }

  it('is one header line for each value, and keys are percent-encoded', async () => {
    api.reply('GET /api/v1/nodes/n1', json({}))
    await client.with({ impersonate: whole }).resource(Node).get('n1')
    expect(lines('impersonate')).toEqual([
      'impersonate-user: alice@example.com',
      'impersonate-uid: u-1',
      'impersonate-group: devs',
      'impersonate-group: ops, and more',
      'impersonate-extra-example.com%2fscopes: view',
      'impersonate-extra-example.com%2fscopes: edit',
      'impersonate-extra-a%28b%29%25: c',
    ])
    expect(lines('authorization')).toEqual(['authorization: Bearer abc'])
  })

  it('of the configuration counts for discovery, that of with() does not', async () => {
    legacyServer(api)
    await using own = createClient({ server: api.url, retry: false, impersonate: { user: 'bob' } })
    await own.with({ impersonate: { user: 'carol' } }).discovery.groups()
    expect(new Set(api.requests.map(({ headers }) => headers['impersonate-user']))).toEqual(new Set(['bob']))
  })

  it('of with() replaces the whole one before', async () => {
    api.reply('GET /api/v1/nodes/n1', json({}))
    await client
      .with({ impersonate: whole })
      .with({ impersonate: { user: 'bob' } })
      .resource(Node)
      .get('n1')
    expect(lines('impersonate')).toEqual(['impersonate-user: bob'])
  })

  it('of a header is the whole of it: the groups of one user are not those of another', async () => {
    api.always('GET /x', json({}))
    const headers = { 'Impersonate-User': 'bob', 'Impersonate-Group': 'few' }
    await client.with({ impersonate: whole }).request({ path: '/x', headers })
    expect(lines('impersonate')).toEqual(['impersonate-user: bob', 'impersonate-group: few'])
    await client
      .with({ headers })
      .with({ impersonate: { user: 'carol' } })
      .request({ path: '/x' })
    expect(lines('impersonate')).toEqual(['impersonate-user: carol'])
  })

  it('is sent with raw requests and watches too', async () => {
    api.reply('GET /version', json({}))
    api.reply('GET /x', json({}))
    api.reply('GET /api/v1/nodes?watch=true&allowWatchBookmarks=true', json({}))
    const bob = client.with({ impersonate: { user: 'bob' } })
    await bob.version()
    await bob.request({ path: '/x' })
    await caught(Array.fromAsync(bob.resource(Node).watch({ resume: false })))
    expect(api.requests.map(({ headers }) => headers['impersonate-user'])).toEqual(['bob', 'bob', 'bob'])
  })

  it('empty groups and extras send nothing', async () => {
    api.reply('GET /api/v1/nodes/n1', json({}))
    await client
      .with({ impersonate: { user: 'bob', groups: [], extra: { a: [] } } })
      .resource(Node)
      .get('n1')
    expect(lines('impersonate')).toEqual(['impersonate-user: bob'])
  })

  it('names beyond ASCII are sent as UTF-8', async () => {
    api.reply('GET /api/v1/nodes/n1', json({}))
    await client
      .with({ impersonate: { user: 'jürgen 日', groups: ['größe'] } })
      .resource(Node)
      .get('n1')
    const { headers } = api.requests[0] ?? {}
    expect(Buffer.from(String(headers?.['impersonate-user']), 'latin1').toString()).toBe('jürgen 日')
    expect(Buffer.from(String(headers?.['impersonate-group']), 'latin1').toString()).toBe('größe')
  })

  it.each([
    ['an empty user', { user: '' }],
    ['no user', { groups: ['system:masters'] }],
    ['a user with a line break', { user: 'a\r\nx-evil: 1' }],
    ['a group with a line break', { user: 'a', groups: ['b\nImpersonate-User: root'] }],
    ['an extra with a zero byte', { user: 'a', extra: { k: ['\0'] } }],
    ['an extra without a key', { user: 'a', extra: { '': ['x'] } }],
    // HTTP drops outer blanks, so that the server would hear another name.
    ['a user with a blank at its end', { user: 'system:admin ' }],
    ['a uid with a blank in front', { user: 'a', uid: ' 1' }],
    ['a group with a blank in front', { user: 'a', groups: [' system:masters'] }],
    ['an extra with a blank at its end', { user: 'a', extra: { k: ['v '] } }],
    // The server takes an empty uid for none, and an empty group for a group of that name.
    ['an empty uid', { user: 'a', uid: '' }],
    ['an empty group', { user: 'a', groups: ['g', ''] }],
    ['half a character', { user: 'a\ud800' }],
    // The server reads keys in lower case: values of the one would be lost, or become those of the other.
    ['two extras of one key', { user: 'a', extra: { Scopes: ['view'], scopes: ['edit'] } }],
    ['groups that are no list', { user: 'a', groups: 'system:masters' }],
    ['extras that are no lists', { user: 'a', extra: { k: 'v' } }],
  ])('with %s is a ConfigError, from createClient and from with()', async (_, impersonate) => {
    const wrong = impersonate as Impersonation // what a program without types can pass
    expect(await caught(() => createClient({ server: api.url, impersonate: wrong }))).toMatchObject({
      code: 'KUBE_CONFIG',
    })
    expect(await caught(() => client.with({ impersonate: wrong }))).toMatchObject({ code: 'KUBE_CONFIG' })
    expect(api.requests).toEqual([])
  })
})
