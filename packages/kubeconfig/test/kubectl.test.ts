import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { type ClientConfig, isKubeError } from '@kubeclient/core/spec'
import { loadKubeconfig, readKubeconfig } from '@kubeclient/kubeconfig'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './folder.ts'
import { base64, fixture, kubeconfigText } from './kubeconfig.ts'

const { KUBEBUILDER_ASSETS: assets } = process.env

interface Answer {
  readonly ok: boolean
  readonly output: string
}

function kubectl(args: readonly string[], env: Readonly<Record<string, string>> = {}): Answer {
  const command = path.join(assets ?? '', 'kubectl')
  // Without a home and a service account: what it says is about this kubeconfig alone.
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { HOME: '/nonexistent', ...env },
  })
  return { ok: status === 0, output: stdout + stderr }
}

/** What kubectl makes of a user's token. `refused`: of the whole file. */
function kubectlToken(file: string): unknown {
  const { ok, output } = kubectl(['config', 'view', '--raw', '--minify', '--output', 'json', '--kubeconfig', file])
  if (!ok) return 'refused'
  const { users }: { users?: { user: { token?: string } }[] } = JSON.parse(output)
  return users?.[0]?.user.token
}

function tokenIn({ credentials }: ClientConfig): unknown {
  return credentials !== undefined && 'token' in credentials ? credentials.token : undefined
}

async function ourToken(file: string): Promise<unknown> {
  try {
    return tokenIn(await loadKubeconfig({ path: file }))
  } catch (error) {
    return isKubeError(error, 'KUBE_CONFIG') ? 'refused' : error
  }
}

const head = `apiVersion: v1
kind: Config
current-context: c
clusters: [{name: k, cluster: {server: 'https://127.0.0.1:1'}}]
contexts: [{name: c, context: {cluster: k, user: u}}]
`

describe.runIf(assets !== undefined)('kubectl agrees', () => {
  it.each([
    'abc',
    '"123"',
    '123',
    '0123',
    '0b101',
    '1_000',
    '1e3',
    'e3',
    '-E7',
    '.e1',
    '.',
    '.5',
    '+1',
    '08',
    '.inf',
    'yes',
    'on',
    'N',
    'off',
    'true',
    '~',
    'null',
    '""',
    '2020-01-01',
    '2001-12-14t21:59:43.10-05:00',
    '2001-12-14',
    '12:30:45',
    '1:30',
    '!!str 123',
    '!foo x',
    '0x1F',
    '123456789012345678901234567890',
    '[a]',
    '{a: b}',
    'a: b',
    '"a\\q"',
    '`a`',
    '@a',
    '|-\n      abc',
    '&a abc',
    '*a',
    'a #b',
    "'it''s'",
    '"\\u0061"',
    '-',
    '- a',
    '? a',
    '<<',
    '=',
  ])('about the token %j', async (token) => {
    const file = await temporaryFolder().write('config', `${head}users:\n- name: u\n  user:\n    token: ${token}\n`)

    expect(await ourToken(file)).toEqual(kubectlToken(file))
  })

  it.each<[string, string]>([
    ['merge keys', '{<<: {token: merged}, username: ""}'],
    ['merge keys and an own one', '{<<: {token: merged}, token: own}'],
    ['an own one and merge keys', '{token: own, <<: {token: merged}}'],
    ['two merge keys', '{<<: {token: one}, <<: {token: two}}'],
    ['an own one and several merged', '{token: own, <<: [{token: first}, {token: second}]}'],
    ['nothing to merge', '{token: own, <<: ~}'],
    ['an anchor that is used often', `{token: &t t, x: [${'*t,'.repeat(150)}]}`],
    ['several merged', '{<<: [{token: first}, {token: second}]}'],
    ['a quoted merge key', '{"<<": {token: merged}, token: own}'],
    ['the same key twice', '{token: one, token: two}'],
    ['unknown fields', '{token: t, Token: T, tokens: 1}'],
    ['null', '~'],
    ['a scalar', 'x'],
    ['a trailing comma', '{token: t,}'],
    ['a list as groups', '{token: t, as: a, as-groups: [g, h]}'],
    ['a scalar as groups', '{token: t, as: a, as-groups: g}'],
    ['a number as an argument', '{token: t, exec: {args: [1]}}'],
    ['a bad base64', '{token: t, client-key-data: "YQ"}'],
    ['a base64 with a space', '{token: t, client-key-data: "Y Q=="}'],
    ['a base64 with line breaks', '{token: t, client-key-data: "YW\\r\\nJj"}'],
    ['a null key', '{token: t, ~: x}'],
    ['a list as key', '{token: t, [a]: x}'],
  ])('about a user with %s', async (_, user) => {
    const file = await temporaryFolder().write('config', `${head}users: [{name: u, user: ${user}}]\n`)

    expect(await ourToken(file)).toEqual(kubectlToken(file))
  })

  const user = 'users: [{name: u, user: {token: t}}]\n'

  it.each<[string, string | Uint8Array]>([
    ['no apiVersion', `${head}${user}`.replace('apiVersion: v1\n', '')],
    ['an empty kind', `${head}${user}`.replace('kind: Config', 'kind: ""')],
    ['another kind', `${head}${user}`.replace('kind: Config', 'kind: config')],
    ['another version', `${head}${user}`.replace('apiVersion: v1', 'apiVersion: v2')],
    ['a byte order mark', `\u{feff}${head}${user}`],
    ['CRLF', `${head}${user}`.replaceAll('\n', '\r\n')],
    ['a second document', `${head}${user}---\nusers: [[[\n`],
    ['an end mark and garbage', `${head}${user}...\n]garbage\n`],
    ['%YAML 1.1', `%YAML 1.1\n---\n${head}${user}`],
    ['%YAML 1.2', `%YAML 1.2\n---\n${head}${user}`],
    ['NUL', `${head}${user}# \0\n`],
    ['DEL', `${head}${user}# \u{7f}\n`],
    ['UTF-16', Buffer.from(`\u{feff}${head}${user}`, 'utf16le')],
    ['UTF-16, the other way round', Buffer.from(`\u{feff}${head}${user}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(`${head}${user}`, 'utf16le')],
    ['preferences that are none', `${head}${user}preferences: 5\n`],
    ['colors that are none', `${head}${user}preferences: {colors: "x"}\n`],
    ['extensions that are none', `${head}${user}extensions: 5\n`],
    ['latin-1', Buffer.from(`${head}${user}# \u{e9}\n`, 'latin1')],
    ['a user twice', `${head}users: [{name: u, user: {token: t}}, {name: u}]\n`],
    ['users as a mapping', `${head}users: {u: {token: t}}\n`],
    ['JSON', kubeconfigText({ user: { token: 't' } })],
    ['JSON with a comment', kubeconfigText({ user: { token: 't' } }).replace('{', '{ # comment\n')],
    ['a tab as indentation', `${head}users:\n- name: u\n  user:\n\ttoken: t\n`],
    ['a name that is a word', `${head}users: [{name: yes, user: {token: t}}, {name: u}]\n`],
    ['__proto__ as another name', `${head}users: [{name: __proto__, user: {token: x}}, {name: u, user: {token: t}}]\n`],
  ])('about a file with %s', async (_, content) => {
    const file = await temporaryFolder().write('config', content)

    expect(await ourToken(file)).toEqual(kubectlToken(file))
  })

  it.each<[string, string, string]>([
    ['one file', 'a', 'first'],
    ['empty elements and missing files', '::nofile:b:', 'second'],
    ['the same entry in two files', 'a:b', 'first'],
    ['an entry without a token first', 'none:a', 'none'],
    ['parts in several files', 'parts:a', 'parts'],
    ['a broken file that is not needed', 'a:broken', 'refused'],
    ['an empty file first', 'empty:a', 'first'],
  ])('about a list with %s', async (_, list) => {
    const folder = temporaryFolder()
    await folder.write('a', `${head}users: [{name: u, user: {token: first}}]`)
    await folder.write('b', `${head}users: [{name: u, user: {token: second}}]`)
    await folder.write('none', 'users: [{name: u, user: {}}]')
    await folder.write(
      'parts',
      'current-context: ""\nusers: [{name: v, user: {token: v}}]\ncontexts: [{name: c, context: {cluster: k, user: v}}]',
    )
    await folder.write('broken', 'users: [')
    await folder.write('empty', '')
    const KUBECONFIG = list
      .split(':')
      .map((name) => (name === '' ? '' : folder.path(name)))
      .join(path.delimiter)

    const { ok, output } = kubectl(['config', 'view', '--raw', '--minify', '--output', 'json'], { KUBECONFIG })
    const ours = await loadKubeconfig({ env: { KUBECONFIG } }).then(tokenIn, () => 'refused')

    expect(ours).toEqual(ok ? JSON.parse(output).users[0].user.token : 'refused')
  })

  const pair = {
    'client-certificate-data': base64(fixture('client.pem')),
    'client-key-data': base64(fixture('client-key.pem')),
  }
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'none', interactiveMode: 'Never' }

  // Both get as far as the port where nobody listens, or neither does.
  it.each<[string, object]>([
    ['a token', { user: { token: 't' } }],
    ['a token and a user name', { user: { token: 't', username: 'a' } }],
    ['a token file and a user name', { user: { tokenFile: 'token', username: 'a' } }],
    ['a token file', { user: { tokenFile: 'token' } }],
    ['a missing token file', { user: { tokenFile: 'none' } }],
    ['a certificate', { user: pair }],
    ['a certificate without a key', { user: { ...pair, 'client-key-data': '' } }],
    ['a key without a certificate', { user: { ...pair, 'client-certificate-data': '', token: 't' } }],
    ['the key of another certificate', { user: { ...pair, 'client-key-data': base64(fixture('other-key.pem')) } }],
    ['a certificate twice', { user: { ...pair, 'client-certificate': 'client.pem' } }],
    ['groups without a user', { user: { token: 't', 'as-groups': ['g'] } }],
    ['a user to be', { user: { token: 't', as: 'a', 'as-groups': ['g'] } }],
    ['exec beside a token', { user: { token: 't', exec } }],
    ['a broken exec beside a token', { user: { token: 't', exec: {} } }],
    ['exec v1 without interactiveMode', { user: { token: 't', exec: { ...exec, interactiveMode: null } } }],
    ['exec with another interactiveMode', { user: { token: 't', exec: { ...exec, interactiveMode: 'never' } } }],
    ['exec of an old version', { user: { exec: { ...exec, apiVersion: 'client.authentication.k8s.io/v1alpha1' } } }],
    ['exec and an auth-provider', { user: { exec, 'auth-provider': { name: 'oidc' } } }],
    ['a CA', { user: { token: 't' }, cluster: { 'certificate-authority-data': base64(fixture('ca.pem')) } }],
    ['a CA file beside the kubeconfig', { user: { token: 't' }, cluster: { 'certificate-authority': 'ca.pem' } }],
    [
      'a CA twice',
      {
        user: { token: 't' },
        cluster: { 'certificate-authority': 'ca.pem', 'certificate-authority-data': base64(fixture('ca.pem')) },
      },
    ],
    [
      'a CA and no verification',
      { user: { token: 't' }, cluster: { 'certificate-authority': 'ca.pem', 'insecure-skip-tls-verify': true } },
    ],
    ['a CA that is none', { user: { token: 't' }, cluster: { 'certificate-authority-data': base64('x') } }],
    ['a missing CA', { user: { token: 't' }, cluster: { 'certificate-authority': 'none' } }],
    ['a proxy of a kind that nobody knows', { user: { token: 't' }, cluster: { 'proxy-url': 'ftp://p' } }],
    ['socks5h', { user: { token: 't' }, cluster: { 'proxy-url': 'socks5h://p' } }],
    ['another scheme', { user: { token: 't' }, cluster: { server: 'unix:///run/x' } }],
    ['an unknown context', { user: { token: 't' }, context: 'z' }],
  ])('whether a configuration with %s can work', async (_, { context, ...parts }: { context?: string }) => {
    const folder = temporaryFolder()
    await folder.write('token', 't\n')
    await folder.write('ca.pem', fixture('ca.pem'))
    await folder.write('client.pem', fixture('client.pem'))
    const file = await folder.write(
      'config',
      kubeconfigText(parts)
        .replace(':6443', ':1')
        .replace('"current-context": "c"', `"current-context": "${context ?? 'c'}"`),
    )

    const theirs = kubectl(['get', '--raw', '/version', '--kubeconfig', file]).output
    const ours = await (await readKubeconfig(file)).clientConfig().then(
      () => 'works',
      () => 'refused',
    )

    expect([ours, theirs]).toEqual([
      theirs.includes('The connection to the server 127.0.0.1:1 was refused') ? 'works' : 'refused',
      theirs,
    ])
  })
})
