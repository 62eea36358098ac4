import { parseKubeconfig } from '@kubeclient/kubeconfig/parse'
import { describe, expect, it } from 'vitest'
import { kubeconfig } from './kubeconfig.ts'

const two = {
  ...kubeconfig(),
  'current-context': 'b',
  clusters: [
    { name: 'ka', cluster: { server: 'https://a' } },
    { name: 'kb', cluster: { server: 'https://b' } },
    { name: 'broken', cluster: { server: 'nonsense', 'certificate-authority': '/nowhere' } },
  ],
  users: [
    { name: 'ua', user: { token: 'ta' } },
    { name: 'broken', user: { token: 't', username: 'u', exec: {} } },
  ],
  contexts: [
    { name: 'b', context: { cluster: 'kb' } },
    { name: 'a', context: { cluster: 'ka', user: 'ua', namespace: 'na' } },
    { name: 'broken', context: {} },
  ],
}

describe('the choice of a context', () => {
  it('lists the contexts in the order of the file', () => {
    const { contexts, currentContext } = parseKubeconfig(two)

    expect(currentContext).toBe('b')
    expect(contexts).toEqual([
      { name: 'b', cluster: 'kb' },
      { name: 'a', cluster: 'ka', user: 'ua', namespace: 'na' },
      { name: 'broken', cluster: '' },
    ])
  })

  it('takes the current one by default, whatever is wrong with others', async () => {
    expect(await parseKubeconfig(two).clientConfig()).toEqual({ server: 'https://b' })
  })

  it('takes the one that is asked for', async () => {
    const config = await parseKubeconfig(two).clientConfig({ context: 'a' })

    expect(config).toEqual({ server: 'https://a', credentials: { token: 'ta' }, namespace: 'na' })
  })

  it.each<[string, object, string]>([
    ['no current-context', { 'current-context': '' }, 'has no current-context; it has the contexts "b", "a", "broken"'],
    ['no contexts at all', { 'current-context': '', contexts: [] }, 'has no current-context; it has no contexts'],
    [
      'an unknown current-context',
      { 'current-context': 'z' },
      'current-context "z", but no such context; it has the contexts "b"',
    ],
  ])('refuses %s', async (_, change, message) => {
    await expect(parseKubeconfig({ ...two, ...change }).clientConfig()).rejects.toThrow(message)
  })

  it('refuses an unknown context and lists those there are', async () => {
    await expect(parseKubeconfig(two).clientConfig({ context: 'z' })).rejects.toThrow(
      'no context "z"; it has the contexts "b", "a"',
    )
  })

  it('shortens a long list of contexts', async () => {
    const contexts = Array.from({ length: 100 }, (_, index) => ({ name: `c${index}`, context: {} }))

    await expect(parseKubeconfig({ contexts }).clientConfig()).rejects.toThrow('"c11" and 88 more')
  })

  it.each<[string, object, string]>([
    ['no cluster', { cluster: null }, 'context "c": names no cluster'],
    [
      'an unknown cluster',
      { cluster: 'z' },
      'context "c": names the cluster "z", which is not there; the clusters are "k"',
    ],
    [
      'an unknown user',
      { user: 'z' },
      'context "c": names the user "z", which is not there; the users are "u". Remove "user"',
    ],
    ['a slash in the namespace', { namespace: 'a/b' }, 'context "c": has the namespace "a/b"'],
    ['a percent sign in the namespace', { namespace: 'a%2f' }, 'cannot be one'],
    ['a line break in the namespace', { namespace: 'a\n' }, 'cannot be one'],
    ['dots as namespace', { namespace: '..' }, 'cannot be one'],
  ])('refuses %s', async (_, context, message) => {
    await expect(parseKubeconfig(kubeconfig({ context })).clientConfig()).rejects.toThrow(message)
  })

  it.each([undefined, null, ''])('is anonymous when the context says user %j', async (user) => {
    const config = await parseKubeconfig(kubeconfig({ user: { token: 't' }, context: { user } })).clientConfig()

    expect(config).toEqual({ server: 'https://127.0.0.1:6443' })
  })

  it('passes a namespace on that only the server would refuse', async () => {
    const config = await parseKubeconfig(kubeconfig({ context: { namespace: 'Bad_NS' } })).clientConfig()

    expect(config.namespace).toBe('Bad_NS')
  })

  it('shows names so that they cannot steer a terminal', async () => {
    const context = 'a\u{1b}[2J\u{202e}b\u{2028}'

    await expect(parseKubeconfig(two).clientConfig({ context })).rejects.toThrow(
      String.raw`"a\u001b[2J\u{202e}b\u{2028}"`,
    )
  })
})
