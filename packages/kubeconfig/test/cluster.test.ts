import { createClient } from '@kubeclient/core'
import type { Handler } from '@kubeclient/core/spec'
import { parseKubeconfig } from '@kubeclient/kubeconfig/parse'
import { describe, expect, it } from 'vitest'
import { base64, everythingShown, fixture, kubeconfig, rejection } from './kubeconfig.ts'

async function load(cluster: object) {
  return parseKubeconfig(kubeconfig({ cluster })).clientConfig()
}

describe('a cluster', () => {
  it.each([
    ['https://h:6443', 'https://h:6443'],
    ['https://h:443/', 'https://h'],
    ['https://h/k8s/clusters/c-1/', 'https://h/k8s/clusters/c-1'],
    // A careless pattern took minutes for it.
    [`https://h/${'/'.repeat(200_000)}x`, `https://h/${'/'.repeat(200_000)}x`],
    ['https://h/base?x=1#y', 'https://h/base'],
    ['HTTPS://H', 'https://h'],
    ['https://[::1]:6443', 'https://[::1]:6443'],
    ['http://127.0.0.1:8001', 'http://127.0.0.1:8001'],
  ])('at %s is reached at %s', async (server, reached) => {
    expect((await load({ server })).server).toBe(reached)
  })

  it.each<[string, unknown, string]>([
    ['no server', null, 'cluster "k": has no "server"'],
    ['an empty server', '', 'has no "server"'],
    ['no scheme', '10.0.0.1:443', 'must begin with https:// or http://'],
    ['another scheme', 'ftp://h', 'must begin with https:// or http://'],
    ['a socket', 'unix:///run/x', 'must begin with https:// or http://'],
    ['a space in front', ' https://h', 'must begin with https:// or http://'],
    ['a space', 'https://h /', 'is not a URL'],
    ['a backslash', String.raw`https://h\@evil`, 'is not a URL'],
    ['no host', 'https://', 'is not a URL'],
    ['three slashes', 'https:///h', 'is not a URL'],
    ['an IPv6 zone', 'https://[fe80::1%25eth0]', 'is not a URL'],
    ['user info', 'https://hunter2:hunter2@h', 'holds a user name or password'],
    ['a user name', 'https://hunter2@h', 'holds a user name or password'],
  ])('is refused with %s', async (_, server, message) => {
    const error = await rejection(load({ server }))

    expect(error).toMatchObject({ code: 'KUBE_CONFIG', message: expect.stringContaining(message) })
    expect(everythingShown(error)).not.toContain('hunter2')
  })

  it('has an inline certificate authority, all of the bundle', async () => {
    const bundle = `# roots\n${fixture('ca.pem')}${fixture('other-ca.pem')}`

    expect((await load({ 'certificate-authority-data': base64(bundle) })).tls).toEqual({ ca: bundle })
  })

  it('has no TLS options when it names none', async () => {
    expect(await load({ 'insecure-skip-tls-verify': false })).toEqual({ server: 'https://127.0.0.1:6443' })
  })

  it('passes the server name on', async () => {
    expect((await load({ 'tls-server-name': 'n' })).tls).toEqual({ serverName: 'n' })
  })

  it('skips verification for the boolean true', async () => {
    expect((await load({ 'insecure-skip-tls-verify': true })).tls).toEqual({ insecureSkipVerify: true })
  })

  it.each<[string, object, string]>([
    [
      'a file and data',
      { 'certificate-authority': 'ca', 'certificate-authority-data': 'YQ==' },
      'are both set; remove one',
    ],
    [
      'data and no verification',
      { 'certificate-authority-data': 'YQ==', 'insecure-skip-tls-verify': true },
      'excludes a certificate authority',
    ],
    [
      'a file and no verification',
      { 'certificate-authority': 'ca', 'insecure-skip-tls-verify': true },
      'excludes a certificate authority',
    ],
    [
      'data that is not PEM',
      { 'certificate-authority-data': base64('hunter2') },
      '"certificate-authority-data" is not PEM',
    ],
    [
      'what kubectl shows instead of data',
      { 'certificate-authority-data': 'DATA+OMITTED' },
      'add --raw to that command',
    ],
    ['blank data', { 'certificate-authority-data': base64(' \n') }, '"certificate-authority-data" is empty'],
    [
      'a certificate without an end',
      { 'certificate-authority-data': base64('-----BEGIN CERTIFICATE-----\nhunter2') },
      'is not PEM',
    ],
    ['a key instead', { 'certificate-authority-data': base64(fixture('client-key.pem')) }, 'it needs a certificate'],
    [
      'a file in a text',
      { 'certificate-authority': '/etc/passwd' },
      '"certificate-authority" names a file, and this kubeconfig was given as text',
    ],
  ])('is refused with %s', async (_, cluster, message) => {
    const error = await rejection(load(cluster))

    expect(error).toMatchObject({ code: 'KUBE_CONFIG', message: expect.stringContaining(message) })
    expect(everythingShown(error)).not.toContain('hunter2')
  })

  it.each(['http://p:3128', 'https://p', 'socks5://u:secret@p:1080'])('passes the proxy %s on', async (proxy) => {
    expect((await load({ 'proxy-url': proxy })).proxy).toBe(proxy)
  })

  it.each(['socks5h://u:hunter2@p', 'ftp://u:hunter2@p', 'u:hunter2@p:3128', 'http://', 'http://u:hunter2@p:port'])(
    'is refused with the proxy %s, which is not quoted',
    async (proxy) => {
      const error = await rejection(load({ 'proxy-url': proxy }))

      expect(error).toMatchObject({ message: expect.stringContaining('"proxy-url" is not a URL that begins with') })
      expect(everythingShown(error)).not.toContain('hunter2')
    },
  )
})

describe('a cluster whose server is http', () => {
  const certificate = {
    'client-certificate-data': base64(fixture('client.pem')),
    'client-key-data': base64(fixture('client-key.pem')),
  }
  const command = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'x' }
  const users: [string, object][] = [
    ['a token', { token: 'hunter2' }],
    ['a token file', { tokenFile: '/nowhere' }],
    ['basic auth', { username: 'a', password: 'hunter2' }],
    ['a certificate', certificate],
    ['impersonation', { as: 'admin' }],
    ['a command', { exec: command }],
    ['an auth-provider', { 'auth-provider': { name: 'gcp' } }],
  ]

  it.each(users)('gets no %s, and says so', async (_, user) => {
    const warnings: string[] = []
    const plugin = {
      specVersion: 'v1' as const,
      name: 'never',
      fromAuthInfo: () => {
        throw new Error('asked')
      },
    }
    const file = kubeconfig({ cluster: { server: 'http://127.evil.example' }, user, context: { namespace: 'n' } })

    const config = await parseKubeconfig(file).clientConfig({
      plugins: [plugin],
      onWarning: ({ text }) => warnings.push(text),
    })

    expect(config).toEqual({ server: 'http://127.evil.example', namespace: 'n' })
    expect(warnings).toEqual([
      expect.stringMatching(
        /^user "u": its credentials and impersonation are not used: the server of cluster "k" is http/,
      ),
    ])
    expect(warnings.join('')).not.toContain('hunter2')
  })

  it('says nothing when there is nothing to drop', async () => {
    const warnings: unknown[] = []
    await parseKubeconfig(kubeconfig({ cluster: { server: 'http://h' } })).clientConfig({
      onWarning: (warning) => warnings.push(warning),
    })

    expect(warnings).toEqual([])
  })

  it.each(['http://localhost:8001', 'http://127.8.9.1', 'http://[::1]:8001'])(
    'gets credentials on this machine, at %s',
    async (server) => {
      const config = await parseKubeconfig(
        kubeconfig({ cluster: { server }, user: { token: 't', as: 'a' } }),
      ).clientConfig()

      expect(config).toEqual({ server, credentials: { token: 't' }, impersonate: { user: 'a' } })
    },
  )

  it.each(users)('gets no %s on this machine either when a proxy is on the way', async (_, user) => {
    const warnings: string[] = []
    const cluster = { server: 'http://127.0.0.1:8001', 'proxy-url': 'http://proxy:3128' }

    const config = await parseKubeconfig(kubeconfig({ cluster, user })).clientConfig({
      onWarning: ({ text }) => warnings.push(text),
    })

    expect(config).toEqual({ server: 'http://127.0.0.1:8001', proxy: 'http://proxy:3128' })
    expect(warnings).toEqual([
      expect.stringMatching(/^user "u": its credentials and impersonation are not used: .* is http, behind a proxy/),
    ])
  })

  const settings: [string, object][] = [
    ['certificate-authority-data', { 'certificate-authority-data': base64(fixture('ca.pem')) }],
    ['insecure-skip-tls-verify', { 'insecure-skip-tls-verify': true }],
    ['tls-server-name', { 'tls-server-name': 'n' }],
  ]

  it.each(settings)('ignores %s, which is for https, and says so', async (field, cluster) => {
    for (const server of ['http://h', 'http://127.0.0.1:8001']) {
      const warnings: string[] = []
      const file = kubeconfig({ cluster: { server, ...cluster } })

      const config = await parseKubeconfig(file).clientConfig({ onWarning: ({ text }) => warnings.push(text) })

      expect(config).toEqual({ server })
      expect(warnings).toEqual([`cluster "k": "${field}" is ignored, as its "server" is http`])
      expect(() => createClient(config)).not.toThrow()
    }
  })

  it('checks what it ignores', async () => {
    const cluster = { server: 'http://h', 'certificate-authority-data': base64('hunter2') }
    await expect(load(cluster)).rejects.toThrow('"certificate-authority-data" is not PEM')
  })

  it.each<[string, object, object]>([
    ['alone', {}, {}],
    ['with a token', { token: 't' }, { credentials: { token: 't' } }],
    ['with a command, which is not run', { exec: command }, {}],
  ])('has no use for a certificate %s on this machine, and says so', async (_, fields, expected) => {
    const warnings: string[] = []
    const server = 'http://127.0.0.1:8001'
    const user = { ...certificate, ...fields }

    const config = await parseKubeconfig(kubeconfig({ cluster: { server }, user })).clientConfig({
      onWarning: ({ text }) => warnings.push(text),
    })

    expect(config).toEqual({ server, ...expected })
    expect(warnings).toEqual(['user "u": its client certificate is not used, as the server is http'])
  })
})

it('with disable-compression asks for answers as they are', async () => {
  const plain = await load({ server: 'https://h' })
  expect(plain).not.toHaveProperty('middleware')

  const { middleware: [uncompressed] = [] } = await load({ server: 'https://h', 'disable-compression': true })
  const seen: unknown[] = []
  const next: Handler = (request) => {
    seen.push(request.headers)
    return Promise.reject(new Error('no server here'))
  }
  const request = { method: 'GET', path: '/', query: [], headers: { accept: 'x' }, kind: 'unary' } as const
  await expect(uncompressed?.(request, next)).rejects.toThrow('no server')
  expect(seen).toEqual([{ accept: 'x', 'accept-encoding': 'identity' }])
})
