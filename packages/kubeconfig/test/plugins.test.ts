import type { AuthInfo, AuthInfoContext, CredentialPlugin, CredentialProvider } from '@kubeclient/core/spec'
import { parseKubeconfig } from '@kubeclient/kubeconfig/parse'
import { describe, expect, it } from 'vitest'
import { base64, everythingShown, fixture, kubeconfig, rejection } from './kubeconfig.ts'

const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sign-in', interactiveMode: 'Never' }

const provider: CredentialProvider = { name: 'test', getCredentials: async () => ({ token: 'from the plugin' }) }

function plugin(
  name: string,
  fromAuthInfo: (authInfo: AuthInfo, context: AuthInfoContext) => unknown,
): CredentialPlugin {
  return { specVersion: 'v1', name, fromAuthInfo: fromAuthInfo as CredentialPlugin['fromAuthInfo'] } // what a plugin in JavaScript may return
}

async function load(user: object, plugins: readonly unknown[] = []) {
  return parseKubeconfig(kubeconfig({ user })).clientConfig({ plugins: plugins as readonly CredentialPlugin[] }) // as above
}

describe('plugins', () => {
  it('take an entry in their order; the first that answers wins', async () => {
    const asked: string[] = []
    const plugins = [
      plugin('no', () => void asked.push('no')),
      plugin('yes', () => (asked.push('yes'), provider)),
      plugin('late', () => (asked.push('late'), provider)),
    ]

    expect((await load({ exec }, plugins)).credentials).toBe(provider)
    expect(asked).toEqual(['no', 'yes'])
  })

  it('see the entry as data, and its cluster', async () => {
    const seen: unknown[] = []
    const ca = fixture('ca.pem')
    const extension = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }]
    const file = kubeconfig({
      cluster: {
        server: 'https://h/base/',
        'certificate-authority-data': base64(ca),
        'proxy-url': 'http://p',
        'tls-server-name': 'n',
        'disable-compression': true,
        extensions: extension,
      },
      user: {
        exec: { ...exec, args: ['a', null], env: [{ name: 'A', value: null }], provideClusterInfo: true },
        'as-groups': [],
        password: '',
      },
    })

    await parseKubeconfig(file).clientConfig({ plugins: [plugin('see', (...args) => (seen.push(...args), provider))] })

    expect(seen).toEqual([
      {
        exec: { ...exec, args: ['a', ''], env: [{ name: 'A', value: '' }], provideClusterInfo: true },
        'as-groups': [],
      },
      {
        userName: 'u',
        cluster: {
          server: 'https://h/base',
          tls: { ca, serverName: 'n' },
          proxyUrl: 'http://p',
          disableCompression: true,
          extensions: extension,
        },
      },
    ])
    expect(seen[1]).not.toHaveProperty('directory')
  })

  it('may take an entry by its extensions', async () => {
    const extensions = [{ name: 'mine', extension: 1 }]
    const config = await load({ extensions }, [
      plugin('mine', ({ extensions: found }) => (found?.[0]?.name === 'mine' ? provider : undefined)),
    ])

    expect(config.credentials).toBe(provider)
  })

  it('keep the impersonation of the entry', async () => {
    expect(await load({ exec, as: 'bob' }, [plugin('p', () => provider)])).toMatchObject({
      impersonate: { user: 'bob' },
    })
  })

  it('are not asked for an entry with a token', async () => {
    const config = await load({ exec, token: 't' }, [
      plugin('p', () => {
        throw new Error('asked')
      }),
    ])

    expect(config.credentials).toEqual({ token: 't' })
  })

  it.each<[object, string]>([
    [
      { exec },
      'signs in with the command "sign-in"; npm install @kubeclient/auth-exec and pass { plugins: [execAuth({ allow: ["sign-in"] })] }',
    ],
    [
      { exec: { ...exec, command: 'aws' } },
      'npm install @kubeclient/auth-exec and pass { plugins: [execAuth({ allow: ["aws"] })] }',
    ],
    [{ exec: { ...exec, command: '/opt/bin/aws-iam-authenticator' } }, 'allow: ["/opt/bin/aws-iam-authenticator"]'],
    [{ exec: { ...exec, command: String.raw`C:\x\gke-gcloud-auth-plugin.exe` } }, 'npm install @kubeclient/auth-exec'],
    [
      { 'auth-provider': { name: 'gcp' } },
      'which Kubernetes has removed; npm install @kubeclient/auth-gcp and pass { plugins: [gcpAuth()] }',
    ],
    [{ 'auth-provider': { name: 'oidc' } }, 'npm install @kubeclient/auth-oidc and pass { plugins: [oidcAuth()] }'],
    [
      { 'auth-provider': { name: 'azure' } },
      'run "kubelogin convert-kubeconfig", then npm install @kubeclient/auth-exec',
    ],
    [{ 'auth-provider': { name: 'x' } }, 'the auth-provider "x", which Kubernetes does not know'],
  ])('are named for the entry %j that none takes', async (user, message) => {
    const error = await rejection(load(user))

    expect(error).toMatchObject({ code: 'KUBE_CONFIG', message: expect.stringMatching(/^user "u": signs in with /) })
    expect(error).toMatchObject({ message: expect.stringContaining(message) })
  })

  it('that did not take an entry are listed', async () => {
    await expect(load({ exec }, [plugin('eks', () => undefined)])).rejects.toThrow(
      '(none of the plugins "eks" takes it)',
    )
  })

  it('that did not take an entry are not to be installed again', async () => {
    const entry = { exec: { ...exec, command: 'aws', args: ['eks', 'get-token', '--endpoint-url', 'https://x'] } }
    await expect(load(entry, [plugin('eks', () => undefined)])).rejects.toThrow(
      'signs in with the command "aws"; npm install @kubeclient/auth-exec and pass',
    )
  })

  it.each<[string, unknown, string]>([
    [
      'another version',
      { specVersion: 'v2', name: 'p', fromAuthInfo: () => provider },
      'the plugin "p" is for "v2" of the plugin interface, and this is "v1"',
    ],
    ['no version', { name: 'p', fromAuthInfo: () => provider }, 'the plugin "p" is for no version'],
    [
      'a factory that was not called',
      () => plugin('p', () => provider),
      '`plugins[0]` is no credential plugin; call its factory',
    ],
    ['undefined', undefined, '`plugins[0]` is no credential plugin'],
    ['null as its answer', plugin('p', () => null), 'the plugin "p" must return undefined or a provider'],
    [
      'credentials as its answer',
      plugin('p', () => ({ token: 'hunter2' })),
      'the plugin "p" must return undefined or a provider',
    ],
    [
      'a promise as its answer',
      plugin('p', async () => {
        throw new Error('hunter2')
      }),
      'the plugin "p" must return undefined or a provider',
    ],
    [
      'an error',
      plugin('p', () => {
        throw new Error('no region in s3cret-hunter2')
      }),
      String.raw`the plugin "p" failed: "no region in ***"`,
    ],
    [
      'something thrown',
      plugin('p', () => {
        throw 'hunter2'
      }),
      'the plugin "p" failed: it threw what is no Error',
    ], // oxlint-disable-line no-throw-literal, only-throw-error -- plugins may
  ])('are refused by name with %s', async (_, broken, message) => {
    const error = await rejection(load({ exec: { ...exec, env: [{ name: 'A', value: 's3cret-hunter2' }] } }, [broken]))

    expect(error).toMatchObject({ code: 'KUBE_CONFIG', message: expect.stringContaining(message) })
    expect(everythingShown(error)).not.toContain('hunter2')
  })
})
