import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { AuthInfoContext } from '@kubeclient/core/spec'
import { loadKubeconfig, parseKubeconfig, readKubeconfig } from '@kubeclient/kubeconfig'
import { describe, expect, it } from 'vitest'
import { answerOf } from './ask-provider.ts'
import { temporaryFolder } from './folder.ts'
import { base64, everythingShown, fixture, kubeconfig, kubeconfigText, rejection } from './kubeconfig.ts'

const pair = { cert: fixture('client.pem'), key: fixture('client-key.pem') }

function named(name: string, user: object): string {
  return JSON.stringify({ users: [{ name, user }] })
}

describe('the search for a kubeconfig', () => {
  it('takes the given path first', async () => {
    const folder = temporaryFolder()
    const file = await folder.write('given', kubeconfigText({ user: { token: 'given' } }))
    const env = { KUBECONFIG: await folder.write('env', kubeconfigText()), HOME: folder.path() }

    expect((await loadKubeconfig({ path: file, env })).credentials).toEqual({ token: 'given' })
  })

  it('takes $KUBECONFIG before the home folder', async () => {
    const folder = temporaryFolder()
    await folder.write('.kube/config', kubeconfigText({ user: { token: 'home' } }))
    const env = {
      KUBECONFIG: await folder.write('env', kubeconfigText({ user: { token: 'env' } })),
      HOME: folder.path(),
    }

    expect((await loadKubeconfig({ env })).credentials).toEqual({ token: 'env' })
  })

  it.each([undefined, ''])('takes the home folder when $KUBECONFIG is %j', async (KUBECONFIG) => {
    const folder = temporaryFolder()
    await folder.write('.kube/config', kubeconfigText({ user: { token: 'home' } }))

    expect((await loadKubeconfig({ env: { KUBECONFIG, HOME: folder.path() } })).credentials).toEqual({ token: 'home' })
  })

  it('does not look at home when $KUBECONFIG names only missing files', async () => {
    const folder = temporaryFolder()
    await folder.write('.kube/config', kubeconfigText())
    const [a, b] = [folder.path('a'), folder.path('b')]

    const error = await rejection(
      loadKubeconfig({ env: { KUBECONFIG: `${a}${path.delimiter}${b}`, HOME: folder.path() } }),
    )

    expect(error).toMatchObject({
      code: 'KUBE_CONFIG',
      message: expect.stringContaining(
        `found no kubeconfig: tried "${a}", "${b}" ($KUBECONFIG); create one, or pass \`path\`. Nor is there`,
      ),
    })
  })

  it('says where it looked when there is nothing', async () => {
    const folder = temporaryFolder()
    const file = folder.path('.kube', 'config')

    await expect(loadKubeconfig({ env: { HOME: folder.path() } })).rejects.toThrow(
      `tried "${file}" (the default, as $KUBECONFIG is not set)`,
    )
    await expect(loadKubeconfig({ env: {} })).rejects.toThrow('neither $KUBECONFIG nor $HOME is set')
    await expect(loadKubeconfig({ env: { KUBECONFIG: path.delimiter } })).rejects.toThrow('which names no file')
  })

  it.each<[string, string | readonly string[]]>([
    ['an empty path', ''],
    ['an empty list', []],
    ['a list of empty paths', ['', '']],
  ])('refuses %s', async (_, given) => {
    await expect(readKubeconfig(given)).rejects.toMatchObject({ code: 'KUBE_CONFIG' })
  })

  it('refuses a given file that is missing', async () => {
    const file = temporaryFolder().path('nofile')

    await expect(readKubeconfig(file)).rejects.toMatchObject({
      file,
      message: `cannot read the kubeconfig ${file}: there is no such file`,
    })
  })

  it('does not split a given path', async () => {
    const folder = temporaryFolder()
    const a = await folder.write('a', kubeconfigText())

    await expect(readKubeconfig(`${a}${path.delimiter}${a}`)).rejects.toThrow('there is no such file')
  })

  it.runIf(process.platform !== 'win32')('reads a pipe, as of <(command) in a shell', async () => {
    const pipe = temporaryFolder().path('pipe')
    execFileSync('mkfifo', [pipe])

    const [kubeconfigOfPipe] = await Promise.all([readKubeconfig(pipe), writeFile(pipe, kubeconfigText())])

    expect(kubeconfigOfPipe.currentContext).toBe('c')
  })
})

describe('several kubeconfigs', () => {
  it('make one, wherever the parts are', async () => {
    const folder = temporaryFolder()
    const { clusters, contexts } = JSON.parse(kubeconfigText())
    const list = [
      await folder.write('a', JSON.stringify({ clusters, 'current-context': '' })),
      folder.path('nofile'),
      '',
      await folder.write('empty', ''),
      await folder.write('b', named('u', { token: 't' })),
      await folder.write('c', JSON.stringify({ contexts, 'current-context': 'c' })),
      await folder.write('d', JSON.stringify({ 'current-context': 'other' })),
    ]

    expect((await loadKubeconfig({ path: list })).credentials).toEqual({ token: 't' })
    expect((await loadKubeconfig({ env: { KUBECONFIG: list.join(path.delimiter) } })).credentials).toEqual({
      token: 't',
    })
  })

  it('do not mix the fields of two entries of one name: the first wins', async () => {
    const folder = temporaryFolder()
    const list = [
      await folder.write('a', kubeconfigText({ user: {} })),
      await folder.write('b', named('u', { token: 't' })),
    ]

    expect((await loadKubeconfig({ path: list })).credentials).toBeUndefined()
  })

  it('may be the same file twice', async () => {
    const folder = temporaryFolder()
    const file = await folder.write('a', kubeconfigText())

    expect((await readKubeconfig([file, folder.path('x', '..', 'a')])).contexts).toHaveLength(1)
  })

  it('list the contexts of all', async () => {
    const folder = temporaryFolder()
    const list = [
      await folder.write('a', JSON.stringify({ contexts: [{ name: 'one', context: { cluster: 'k' } }] })),
      await folder.write(
        'b',
        JSON.stringify({ contexts: [{ name: 'two' }, { name: 'one', context: { cluster: 'other' } }] }),
      ),
    ]

    expect((await readKubeconfig(list)).contexts).toEqual([
      { name: 'one', cluster: 'k' },
      { name: 'two', cluster: '' },
    ])
  })

  it.each<[string, string | undefined, string]>([
    ['is broken', 'users: [', 'not valid YAML'],
    ['has a wrong type', named('x', { token: 1 }), '"token" must be a string'],
    ['is a directory', undefined, 'it is a directory'],
  ])('fail when one of them %s, needed or not', async (_, content, message) => {
    const folder = temporaryFolder()
    const a = await folder.write('a', kubeconfigText())
    const b = folder.path('b')
    await (content === undefined ? mkdir(b) : folder.write('b', content))

    const error = await rejection(readKubeconfig([a, b]))

    expect(error).toMatchObject({ code: 'KUBE_CONFIG', file: b, message: expect.stringContaining(message) })
    expect(error).toMatchObject({ message: expect.stringContaining(b) })
  })

  it('report the faults of all', async () => {
    const folder = temporaryFolder()
    const list = [await folder.write('a', 'a: ['), await folder.write('b', named('x', { token: 1 }))]

    await expect(readKubeconfig(list)).rejects.toThrow(/a:1\): is not valid YAML.*\n.*must be a string/s)
  })
})

it('does not expand ~, and says so', async () => {
  expect(await rejection(readKubeconfig('~/none/config'))).toMatchObject({
    code: 'KUBE_CONFIG',
    message: expect.stringContaining('there is no such file; "~" is expanded by shells only: use os.homedir()'),
  })
})

describe('a program without types', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    // @ts-expect-error -- what it is about
    ['a path instead of options', () => loadKubeconfig('config'), 'pass { path: … }'],
    // @ts-expect-error -- the same
    ['a URL', () => loadKubeconfig({ path: new URL('file:///config') }), 'fileURLToPath(url)'],
    // @ts-expect-error -- the same
    ['options instead of a path', () => readKubeconfig({ path: 'config' }), 'must be a string or a list of strings'],
    // @ts-expect-error -- the same
    ['null as plugins', () => parseKubeconfig({}).clientConfig({ plugins: null }), '`plugins` is no list'],
  ])('is told of %s', async (_, call, message) => {
    expect(await rejection(call())).toMatchObject({ code: 'KUBE_CONFIG', message: expect.stringContaining(message) })
  })
})

describe('a kubeconfig file', () => {
  it.each<[string, Buffer]>([
    ['UTF-16', Buffer.from('\u{feff}contexts: [{name: é}]', 'utf16le')],
    ['UTF-16, the other way round', Buffer.from('\u{feff}contexts: [{name: é}]', 'utf16le').swap16()],
    ['UTF-8 and a byte order mark', Buffer.from('\u{feff}contexts: [{name: é}]')],
  ])('may be in %s', async (_, content) => {
    const file = await temporaryFolder().write('config', content)

    expect((await readKubeconfig(file)).contexts).toEqual([{ name: 'é', cluster: '' }])
  })

  it.each<[string, Uint8Array | string, string]>([
    ['latin-1', Buffer.from('users: [{name: é}]', 'latin1'), 'is not UTF-8 text'],
    [
      'half a character of UTF-16',
      Buffer.from('\u{feff}a'.repeat(2), 'utf16le').subarray(0, 7),
      'is not text in UTF-16',
    ],
    ['more than 10 MiB', '#'.repeat(10 * 1024 * 1024 + 1), 'it is larger than 10 MiB'],
  ])('is refused with %s', async (_, content, message) => {
    const file = await temporaryFolder().write('config', content)

    await expect(readKubeconfig(file)).rejects.toMatchObject({
      code: 'KUBE_CONFIG',
      file,
      message: expect.stringContaining(message),
    })
  })

  it('may begin with a byte order mark', async () => {
    const file = await temporaryFolder().write('config', `\u{feff}${kubeconfigText()}`)

    expect((await readKubeconfig(file)).currentContext).toBe('c')
  })

  it('is named with the line in its errors', async () => {
    const file = await temporaryFolder().write('config', 'users:\n- name: u\n  user: {}\n- name: u\n')

    await expect(readKubeconfig(file)).rejects.toMatchObject({
      file,
      line: 4,
      message: `user "u" (${file}:4): is in the file twice; remove one`,
    })
  })

  it('is named with the line in errors about a context', async () => {
    const file = await temporaryFolder().write('config', kubeconfigText({ user: { token: 'a b' } }))

    await expect(loadKubeconfig({ path: file })).rejects.toMatchObject({
      file,
      line: 17,
      message: expect.stringContaining(`user "u" (${file}:17)`),
    })
    await expect(loadKubeconfig({ path: file, context: 'z' })).rejects.toMatchObject({ file })
  })

  it('is named in its warnings', async () => {
    const file = await temporaryFolder().write('config', kubeconfigText({ user: { Token: 't' } }))
    const warnings: unknown[] = []

    await loadKubeconfig({ path: file, onWarning: (warning) => warnings.push(warning) })

    expect(warnings).toEqual([expect.objectContaining({ file, line: 17 })])
  })

  it('tells plugins its folder', async () => {
    const folder = temporaryFolder()
    const seen: AuthInfoContext[] = []
    const fromAuthInfo = (_: unknown, context: AuthInfoContext) => void seen.push(context)

    await loadKubeconfig({
      path: await folder.write('sub/config', kubeconfigText()),
      plugins: [{ specVersion: 'v1', name: 'see', fromAuthInfo }],
    })

    expect(seen).toMatchObject([{ directory: folder.path('sub') }])
  })
})

describe('a file that a kubeconfig names', () => {
  const user = { 'client-certificate': 'tls/client.pem', 'client-key': './tls/client-key.pem' }
  const cluster = { 'certificate-authority': '../ca.pem' }

  it('is relative to the file that names it', async () => {
    const folder = temporaryFolder()
    await folder.write('ca.pem', fixture('ca.pem'))
    await folder.write('a/tls/client.pem', pair.cert)
    await folder.write('a/tls/client-key.pem', pair.key)
    const list = [
      await folder.write('b/deep/config', JSON.stringify({ users: [], clusters: [] })),
      await folder.write('a/config', kubeconfigText({ user, cluster })),
    ]

    const { tls, credentials } = await loadKubeconfig({ path: list })

    expect(await answerOf(credentials)).toMatchObject({ clientCertificate: pair })
    expect(typeof tls?.ca === 'function' && (await tls.ca())).toBe(fixture('ca.pem'))
  })

  it('may be absolute, and may be in another form than its partner', async () => {
    const folder = temporaryFolder()
    const key = await folder.write('elsewhere/key.pem', pair.key)
    const mixed = { 'client-certificate-data': base64(pair.cert), 'client-key': key }

    const config = await loadKubeconfig({ path: await folder.write('config', kubeconfigText({ user: mixed })) })

    expect(await answerOf(config.credentials)).toMatchObject({ clientCertificate: pair })
  })

  it('is relative to the folder of a link, not of its target', async () => {
    const folder = temporaryFolder()
    await folder.write('real/config', kubeconfigText({ cluster: { 'certificate-authority': 'ca.pem' } }))
    await folder.write('real/ca.pem', 'not this one')
    await folder.write('links/ca.pem', fixture('other-ca.pem'))
    await symlink(folder.path('real', 'config'), folder.path('links', 'config'))

    const { tls } = await loadKubeconfig({ path: folder.path('links', 'config') })

    expect(typeof tls?.ca === 'function' && (await tls.ca())).toBe(fixture('other-ca.pem'))
  })

  it('is read again for the certificate authority, and checked again', async () => {
    const folder = temporaryFolder()
    await folder.write('ca.pem', fixture('ca.pem'))
    const { tls } = await loadKubeconfig({
      path: await folder.write('config', kubeconfigText({ cluster: { 'certificate-authority': 'ca.pem' } })),
    })
    const ca = tls?.ca

    await folder.write('ca.pem', fixture('other-ca.pem'))
    expect(typeof ca === 'function' && (await ca())).toBe(fixture('other-ca.pem'))

    await folder.write('ca.pem', '')
    await expect(typeof ca === 'function' && ca()).rejects.toThrow('"certificate-authority" is empty')
  })

  it.each<[string, object, string]>([
    ['is missing', { 'client-certificate': 'none', 'client-key': 'none' }, 'there is no such file'],
    ['is in the home folder by ~', { tokenFile: '~/token' }, `${path.sep}~${path.sep}token": there is no such file`],
    ['is in the home folder by $HOME', { tokenFile: '$HOME/token' }, 'there is no such file'],
    ['is a directory', { tokenFile: '.' }, 'it is not a regular file'],
    ['is a device', { tokenFile: '/dev/zero' }, 'it is not a regular file'],
    ['is larger than 1 MiB', { tokenFile: 'large' }, 'it is larger than 1 MiB'],
    ['holds two lines', { tokenFile: 'lines' }, 'its "tokenFile" holds spaces, line breaks'],
    ['is empty', { tokenFile: 'empty' }, 'its "tokenFile" is empty'],
    ['is the wrong file', { 'client-certificate': 'lines', 'client-key': 'lines' }, '"client-certificate" is not PEM'],
    [
      'is the key of another certificate',
      { 'client-certificate': 'cert', 'client-key': 'other' },
      'the key is not the one of the certificate',
    ],
    [
      'is a broken certificate',
      { 'client-certificate': 'broken', 'client-key': 'other' },
      'its client certificate and key cannot be used',
    ],
  ])('is refused when it %s', async (_, fields, message) => {
    const folder = temporaryFolder()
    await folder.write('large', 'hunter2'.repeat(200_000))
    await folder.write('lines', 'hunter2\nhunter2')
    await folder.write('empty', ' \n')
    await folder.write('cert', pair.cert)
    await folder.write('other', fixture('other-key.pem'))
    await folder.write('broken', '-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----\n')
    const file = await folder.write('config', kubeconfigText({ user: fields }))

    const error = await rejection(loadKubeconfig({ path: file }))

    expect(error).toMatchObject({ code: 'KUBE_CONFIG', file, message: expect.stringContaining(message) })
    expect(everythingShown(error)).not.toContain('hunter2')
  })

  it.each(['', 'text', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'is refused as certificate authority with %j',
    async (content) => {
      const folder = temporaryFolder()
      await folder.write('ca.pem', content)
      const file = await folder.write('config', kubeconfigText({ cluster: { 'certificate-authority': 'ca.pem' } }))

      await expect(loadKubeconfig({ path: file })).rejects.toMatchObject({
        file,
        message: expect.stringMatching(/^cluster "k" /),
      })
    },
  )

  it.runIf(process.platform !== 'win32')('is refused when it is a pipe, without waiting for a writer', async () => {
    const folder = temporaryFolder()
    execFileSync('mkfifo', [folder.path('pipe')])

    await expect(
      loadKubeconfig({ path: await folder.write('config', kubeconfigText({ user: { tokenFile: 'pipe' } })) }),
    ).rejects.toThrow('it is not a regular file')
  })

  it('is not read for a context that is not chosen', async () => {
    const folder = temporaryFolder()
    const base = kubeconfig()
    const file = await folder.write(
      'config',
      JSON.stringify({
        ...base,
        users: [
          { name: 'u', user: {} },
          { name: 'v', user: { tokenFile: 'none' } },
        ],
      }),
    )

    expect(await loadKubeconfig({ path: file })).toEqual({ server: 'https://127.0.0.1:6443' })
  })
})
