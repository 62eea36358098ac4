import { isKubeError } from '@kubeclient/core/spec'
import { parseKubeconfig } from '@kubeclient/kubeconfig/parse'
import { describe, expect, it } from 'vitest'
import { everythingShown } from './kubeconfig.ts'

/** A kubeconfig in YAML whose user holds these lines, without indentation. */
function yaml(user: string, head = ''): string {
  return `${head}apiVersion: v1
kind: Config
current-context: c
clusters:
- name: k
  cluster: {server: 'https://h', insecure-skip-tls-verify: no}
contexts:
- name: c
  context: {cluster: k, user: u}
users:
- name: u
  user:
    ${user.replaceAll('\n', '\n    ')}
`
}

const firstUserLine = 13

async function tokenOf(text: string): Promise<unknown> {
  const { credentials } = await parseKubeconfig(text).clientConfig()
  return credentials !== undefined && 'token' in credentials ? credentials.token : undefined
}

function many(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join('')
}

function thrown(text: string): unknown {
  try {
    parseKubeconfig(text)
  } catch (error) {
    return error
  }
  throw new Error('expected an error')
}

describe('YAML', () => {
  it.each([
    ['2020-01-01', '2020-01-01'],
    ['2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'],
    ['12:30:45', '12:30:45'],
    ['1:30', '1:30'],
    ['!!timestamp 2020-01-01', '2020-01-01'],
    ['!!str 123', '123'],
    ['!foo x', 'x'],
    ['"123"', '123'],
    ["'yes'", 'yes'],
    ['|-\n  abc', 'abc'],
    ['>-\n  abc', 'abc'],
    ['null-ish', 'null-ish'],
    ['e5', 'e5'],
    ['-E7', '-E7'],
    ['.e1', '.e1'],
    ['.', '.'],
  ])('reads the token %j as the string %j', async (text, token) => {
    expect(await tokenOf(yaml(`token: ${text}`))).toBe(token)
  })

  it.each(['y', 'yes', 'On', 'n', 'off', 'TRUE'])('reads %s as a boolean, which no token is', (text) => {
    expect(() => parseKubeconfig(yaml(`token: ${text}`))).toThrow('"token" must be a string, not a boolean')
  })

  it.each([
    '0123',
    '0b101',
    '1_000',
    '0x1F',
    '.5',
    '1.',
    '1e5',
    '-.5E+5',
    '+1',
    '123456789012345678901234567890',
    '.inf',
    '.NaN',
  ])('reads %s as a number, which no token is', (text) => {
    expect(() => parseKubeconfig(yaml(`token: ${text}`))).toThrow('"token" must be a string, not a number')
  })

  it.each(['~', 'null', ''])('reads %j as absence', async (text) => {
    expect(await tokenOf(yaml(`token: ${text}`))).toBeUndefined()
  })

  it.each<[string, string]>([
    ['y', 'yes'],
    ['on', 'On'],
    ['True', 'TRUE'],
  ])('takes %s and %s as true', async (...words) => {
    for (const word of words) {
      const { tls } = await parseKubeconfig(yaml('token: t').replace(': no}', `: ${word}}`)).clientConfig()
      expect(tls).toEqual({ insecureSkipVerify: true })
    }
  })

  it.each<[string, string, string | undefined]>([
    ['merges a mapping', '<<: {token: merged}', 'merged'],
    ['prefers the explicit key below', '<<: {token: merged}\ntoken: own', 'own'],
    ['prefers what is merged below', 'token: own\n<<: {token: merged}', 'merged'],
    ['prefers the first of several merged', '<<: [{token: first}, {token: second}]', 'first'],
    ['prefers the last merge', '<<: {token: first}\n<<: {token: second}', 'second'],
    ['refuses to merge nothing', 'token: own\n<<: ~', 'refused'],
    ['merges __proto__ as a name', '<<: {__proto__: {token: merged}}\nusername: ""', undefined],
    ['takes the last of two equal keys', 'token: one\ntoken: two', 'two'],
    ['follows aliases', 'username: &a b\npassword: &t t\ntoken: *t\n<<: {username: null}', 't'],
  ])('%s', async (_, user, token) => {
    const result = await tokenOf(yaml(user)).catch(() => 'refused')

    expect(result).toBe(token)
  })

  it('takes the last of two equal keys in JSON too', async () => {
    const text = '{"current-context":"x","contexts":[{"name":"c","context":{}}],"current-context":"c"}'

    expect(parseKubeconfig(text).currentContext).toBe('c')
  })

  it.each<[string, string]>([
    ['a byte order mark', `\u{feff}${yaml('token: t')}`],
    ['CRLF', yaml('token: t').replaceAll('\n', '\r\n')],
    ['no line break at the end', yaml('token: t').trimEnd()],
    ['%YAML 1.1', yaml('token: t', '%YAML 1.1\n---\n')],
    ['a second document, which is not read', `${yaml('token: t')}---\nusers: [[[\n`],
    ['an end mark and garbage', `${yaml('token: t')}...\n]garbage\n`],
    [
      'braces that are YAML',
      `{clusters: [{name: k, cluster: {server: "https://h"}}], users: [{name: u, user: {token: t}}], contexts: [{name: c, context: {cluster: k, user: u}}], current-context: c,}`,
    ],
    ['a tab after a colon', yaml('token:\tt')],
    ['1000 uses of an anchor', yaml(`token: &t t\nextensions:\n${'- {name: *t}\n'.repeat(1000)}`)],
  ])('takes %s', async (_, text) => {
    expect(await tokenOf(text)).toBe('t')
  })

  it.each(['', '# nothing\n', 'null', '---\n---\n', '{}', '   \n'])('reads %j as an empty kubeconfig', (text) => {
    expect(parseKubeconfig(text).contexts).toEqual([])
  })

  const bomb = [
    'a: &a x',
    ...Array.from('bcdefghij', (name, index) => `${name}: &${name} [${`*${'abcdefghi'[index]}, `.repeat(9)}]`),
  ]

  it.each<[string, string, string]>([
    ['a tab as indentation', yaml('\ttoken: hunter2'), 'a tab is used to indent'],
    ['an open bracket', yaml('token: [hunter2'), 'not valid YAML'],
    ['an open quote', yaml('token: "hunter2'), 'not valid YAML'],
    ['a colon in a value', yaml('token: hunter2: x'), 'quote it, or correct the indentation'],
    ['a bad escape', yaml(String.raw`token: "hunter2\q"`), 'a backslash in double quotes'],
    ['a stray scalar', yaml(']hunter2'), 'not valid YAML'],
    ['a reserved character', yaml('token: `hunter2'), 'reserved character'],
    ['%YAML 1.2', yaml('token: hunter2', '%YAML 1.2\n---\n'), 'another YAML than 1.1'],
    ['an unknown directive', yaml('token: hunter2', '%FOO x\n---\n'), 'unknown % directive'],
    ['a list as key', yaml('? [hunter2]\n: 1'), 'a key that is not a name'],
    ['null as key', yaml('~: hunter2'), 'a key that is not a name'],
    ['a binary tag', yaml('token: !!binary aHVudGVyMg=='), 'uses a YAML tag for binary data'],
    [
      'a tag of a collection',
      yaml('extensions: [{name: hunter2, extension: !!set {a}}]'),
      'uses a YAML tag for binary data',
    ],
    ['an unknown alias', yaml('token: *hunter2'), 'a YAML alias that is not defined'],
    ['an alias bomb', yaml(bomb.join('\n')), 'repeats so much by YAML aliases that it is too large'],
    // Each of the next three took the parser minutes.
    [
      'many aliases',
      yaml(`token: hunter2\nx:\n${many(30_000, (n) => `- &a${n} {}\n- *a${n}\n`)}`),
      'more than 1000 YAML aliases',
    ],
    [
      'aliases of aliases',
      yaml(`token: hunter2\nx:\n- &a0 []\n${many(40_000, (n) => `- &a${n + 1} [*a${n}]\n`)}`),
      'more than 1000 YAML aliases',
    ],
    [
      'large merges',
      yaml(`token: hunter2\nx: &x {${many(50_000, (n) => `k${n}: v,`)}}\n${many(99, (n) => `y${n}: {<<: *x}\n`)}`),
      'merges ("<<") what is no mapping, or too much',
    ],
    [
      'an anchor that contains itself',
      yaml('extensions: [{name: hunter2, extension: &x [*x, *x]}]'),
      'contains itself',
    ],
    [
      'deep nesting',
      yaml(`extensions: [{name: hunter2, extension: ${'['.repeat(200)}${']'.repeat(200)}}]`),
      'nested more than 64',
    ],
    ['very deep nesting', yaml(`token: ${'['.repeat(20_000)}hunter2`), 'nested too deeply'],
    ['very deep JSON', `{"hunter2": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'nested more than 64'],
    ['NUL', yaml('token: hunter2\0'), 'U+0000'],
    ['a control character', yaml('token: hunter2\u{1b}'), 'U+001B'],
    ['a line separator, a line break to kubectl only', yaml('# \u{2028}token: hunter2'), 'U+2028'],
    ['half a character', yaml('token: hunter2\u{d800}'), 'U+D800'],
    ['more than 10 MiB', yaml(`token: hunter2 #${'x'.repeat(10_485_760)}`), 'larger than 10 MiB'],
    ['ten megabytes of commas', `hunter2: [${'1,'.repeat(5_000_000)}]`, 'more than 500000 YAML tokens'],
    ['a scalar', 'hunter2', 'must be a mapping, not a string'],
    ['a list', '- hunter2', 'must be a mapping, not a list'],
    ['broken JSON', '{"users": [{"name": "u", "user": {"token": "hunter2}}]}', 'not valid YAML'],
  ])('refuses %s and quotes nothing', (_, text, message) => {
    const error = thrown(text)

    expect(isKubeError(error, 'KUBE_CONFIG') && error.message).toContain(message)
    expect(everythingShown(error)).not.toContain('hunter2')
  })

  it('says in which line', () => {
    expect(thrown(yaml('as: x\n\ttoken: y'))).toMatchObject({ line: firstUserLine + 1 })
    expect(thrown(yaml('as: x\ntoken: 1'))).toMatchObject({
      line: firstUserLine + 1,
      message: expect.stringContaining('(line 14)'),
    })
    expect(thrown(yaml('token: 1\ntoken: 2'))).toMatchObject({ line: firstUserLine + 1 })
    expect(thrown(yaml('as: x\u{7}'))).toMatchObject({ line: firstUserLine })
    expect(thrown(yaml('exec:\n  env:\n  - name: A\n  - {name: B, value: 1}'))).toMatchObject({
      line: firstUserLine + 3,
    })
  })

  it('says in which line of JSON', () => {
    expect(thrown('{\n"users": [\n{"name": "u", "user": {\n"token": 1}}]}')).toMatchObject({ line: 4 })
  })

  it('says the nearest line for what an alias brought', () => {
    expect(thrown(yaml('<<: {token: 1}'))).toMatchObject({ line: firstUserLine - 1 })
  })

  it('reads twenty thousand keys without comparing each with each', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `key${index}: x`).join('\n')

    expect(parseKubeconfig(yaml(keys)).contexts).toHaveLength(1)
  })
})
