import { readFileSync } from 'node:fs'
import { CredentialError } from '@kubeclient/core/spec'
import { describe, expect, it } from 'vitest'
import { parseExecCredential } from '../src/exec-credential.ts'
import { everythingShown } from './support/failure.ts'
import { v1, v1beta1 } from './support/sign-in.ts'

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), 'utf8')
const cert = fixture('client')
const key = fixture('client-key')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const fail = (text: string): CredentialError => new CredentialError(`it ${text}`, { provider: 'exec' })
const parse = (output: string | Uint8Array, apiVersion = v1): unknown =>
  parseExecCredential(typeof output === 'string' ? new TextEncoder().encode(output) : output, apiVersion, fail)

const credential = (status: unknown, rest: object = {}): string =>
  JSON.stringify({ apiVersion: v1, kind: 'ExecCredential', status, ...rest })

/** One whose status has these lines. */
const yaml = (status: string): string => `apiVersion: ${v1}\nkind: ExecCredential\nstatus:\n  ${status}\n`
const growing = Array.from(
  { length: 20 },
  (_, n) => `a${n}: &a${n} [${n === 0 ? 'x' : `*a${n - 1}, *a${n - 1}`}]`,
).join('\n')

describe('the output of a command', () => {
  it.each<[string, string, object]>([
    ['a token', credential({ token: 't' }), { token: 't' }],
    ['a byte order mark and blanks around it', `\u{feff}\n ${credential({ token: 't' })}\r\n\n`, { token: 't' }],
    ['no kind', credential({ token: 't' }, { kind: undefined }), { token: 't' }],
    ['a pair', credential({ clientCertificateData: cert, clientKeyData: key }), { clientCertificate: { cert, key } }],
    [
      'a token and a pair',
      credential({ token: 't', clientCertificateData: cert, clientKeyData: key }),
      { token: 't', clientCertificate: { cert, key } },
    ],
    ['unknown fields', credential({ token: 't', next: 1 }, { spec: {}, x: [] }), { token: 't' }],
    ['null beside a token', credential({ token: 't', clientKeyData: null, expirationTimestamp: null }), { token: 't' }],
    ['a field twice', `{"apiVersion":"${v1}","status":{"token":"a","token":"b"}}`, { token: 'b' }],
    ['YAML', yaml('token: t'), { token: 't' }],
    ['YAML after a comment and dashes', `# signed in\n---\n${yaml('token: t')}`, { token: 't' }],
    ['JSON after a comment', `# signed in\n${credential({ token: 't' })}`, { token: 't' }],
    ['several documents of YAML, of which the first counts', `${yaml('token: t')}---\n[[[`, { token: 't' }],
    ['an anchor', `x: &x t\n${yaml('token: *x')}`, { token: 't' }],
    ['a merge', `x: &x {token: t}\n${yaml('<<: *x')}`, { token: 't' }],
    ['what looks like an exponent', yaml('token: e5'), { token: 'e5' }],
    ['what looks like a time, or a number to base 60', yaml('token: 1:30'), { token: '1:30' }],
    [
      'a time without quotes',
      yaml('token: t\n  expirationTimestamp: 2030-01-31T12:00:00Z'),
      { token: 't', expiresAt: new Date('2030-01-31T12:00:00Z') },
    ],
    [
      '__proto__ in YAML',
      `__proto__: {status: {token: x}}\n${yaml('token: t\n  __proto__: {clientKeyData: x}')}`,
      { token: 't' },
    ],
    [
      '__proto__',
      `{"apiVersion":"${v1}","__proto__":{"status":{"token":"x"}},"status":{"__proto__":{"clientKeyData":"x"},"token":"t"}}`,
      { token: 't' },
    ],
  ])('may be %s', (_, output, credentials) => {
    expect(parse(output)).toEqual(credentials)
  })

  it('has the apiVersion that the kubeconfig names', () => {
    expect(parse(credential({ token: 't' }, { apiVersion: v1beta1 }), v1beta1)).toEqual({ token: 't' })
    expect(() => parse(credential({ token: 't' }, { apiVersion: v1beta1 }))).toThrow(
      `it printed the "apiVersion" "${v1beta1}", and the kubeconfig says "${v1}"; both must be the same`,
    )
    expect(() => parse(credential({ token: 't' }), v1beta1)).toThrow(`and the kubeconfig says "${v1beta1}"`)
  })

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'printed nothing'],
    ['blanks', ' \n\n', 'printed nothing'],
    ['bytes', Uint8Array.of(0xff, 0xfe, 0), 'not text in UTF-8'],
    ['words', 'please sign in, hunter2', 'it is no object'],
    ['words that are no YAML', 'hunter2: : x', 'it is neither JSON nor YAML'],
    [
      'words and JSON',
      `hunter2 ${credential({ token: 'hunter2' })}`,
      'other text before the JSON; it belongs on stderr',
    ],
    ['JSON and words', `${credential({ token: 'hunter2' })} hunter2`, 'the JSON is broken, or something follows it'],
    ['two documents', `${credential({ token: 'hunter2' })}\n${credential({ token: 'hunter2' })}`, 'several documents'],
    ['a number for a token in YAML', yaml('token: 0123'), 'a "token" that is no string'],
    ['yes for a token in YAML', yaml('token: yes'), 'a "token" that is no string'],
    ['a token that ends with a line', yaml('token: |\n    hunter2'), 'a "token" with spaces, line breaks'],
    ['an empty document before it', `---\n---\n${yaml('token: hunter2')}`, 'it is no object'],
    ['a tab for blanks', yaml('token: hunter2').replace('  ', '\t'), 'neither JSON nor YAML'],
    ['YAML 1.2', `%YAML 1.2\n---\n${yaml('token: hunter2')}`, 'neither JSON nor YAML'],
    ['a YAML tag', yaml('token: !!binary aHVudGVyMg=='), 'neither JSON nor YAML'],
    ['an alias without an anchor', yaml('token: *hunter2'), 'neither JSON nor YAML'],
    ['many aliases', yaml(`token: hunter2\nx:\n- &a []\n${'- &a [*a]\n'.repeat(5000)}`), 'neither JSON nor YAML'],
    ['aliases that grow', yaml(`token: hunter2\n${growing}`), 'neither JSON nor YAML'],
    ['YAML without end', yaml(`token: hunter2\nx: [${',[],'.repeat(30_000)}]`), 'neither JSON nor YAML'],
    ['nested YAML', `x: ${'['.repeat(60_000)}`, 'neither JSON nor YAML'],
    ['half of it', credential({ token: 'hunter2' }).slice(0, -1), 'the JSON is broken'],
    ['deep nesting', '[{"a":'.repeat(100_000), 'printed what is no ExecCredential'],
    ['deep nesting in JSON', '{"a":'.repeat(100_000), 'the JSON is broken'],
    ['a list', '[]', 'it is no object'],
    ['null', 'null', 'it is no object'],
    ['a string', '"hunter2"', 'it is no object'],
    ['another kind', credential({ token: 'hunter2' }, { kind: 'Status' }), 'printed "Status" as its "kind"'],
    ['a kind that is no name', credential({}, { kind: 'hunter2 x' }), 'printed something else as its "kind"'],
    ['no apiVersion', credential({ token: 'hunter2' }, { apiVersion: undefined }), 'printed no "apiVersion"'],
    ['an apiVersion that is no name', credential({}, { apiVersion: 'hunter2 x' }), 'the "apiVersion" something else'],
    ['no status', credential(undefined), 'printed no "status"'],
    ['null as status', credential(null), 'printed no "status"'],
    ['a list as status', credential([]), 'a "status" that is no object'],
    ['an empty status', credential({}), 'neither "token" nor "clientCertificateData" with "clientKeyData"'],
    ['empty fields', credential({ token: '', clientKeyData: null, clientCertificateData: '' }), 'printed neither'],
    ['fields in other case', credential({ Token: 'hunter2' }), 'printed neither'],
    ['a token that is a number', credential({ token: 12_345 }), 'a "token" that is no string'],
    ['a key that is an object', credential({ token: 't', clientKeyData: {} }), 'a "clientKeyData" that is no string'],
    ['a certificate alone', credential({ clientCertificateData: cert }), 'without "clientKeyData"'],
    ['a certificate alone, and a token', credential({ token: 'hunter2', clientCertificateData: cert }), 'without'],
    ['a key alone', credential({ clientKeyData: key }), 'without "clientCertificateData"'],
    [
      'base64 of a certificate',
      credential({ clientCertificateData: base64(cert), clientKeyData: key }),
      '"clientCertificateData" without PEM text "BEGIN CERTIFICATE"; the field takes the text itself, not base64 of it',
    ],
    ['base64 of a key', credential({ clientCertificateData: cert, clientKeyData: base64(key) }), 'not base64 of it'],
    [
      'the key of another',
      credential({ clientCertificateData: cert, clientKeyData: fixture('other-key') }),
      'a "clientKeyData" that is not the key of its "clientCertificateData"',
    ],
    [
      'PEM without content',
      credential({ clientCertificateData: '-----BEGIN CERTIFICATE-----\nhunter2', clientKeyData: key }),
      'cannot be used: OpenSSL answers',
    ],
    ['a token with a line break', credential({ token: 'hunter2\n' }), 'a "token" with spaces, line breaks'],
    ['a token with blanks', credential({ token: ' hunter2 ' }), 'a "token" with spaces'],
    ['a token beyond ASCII', credential({ token: 'hunter2é' }), 'other characters that no token has'],
  ])('is refused, and not quoted, when it is %s', (_, output, message) => {
    const error = thrown(() => parse(output))

    expect(error).toMatchObject({ code: 'KUBE_CREDENTIALS', message: expect.stringContaining(message) })
    expect(error.cause).toBeUndefined()
    expect(everythingShown(error)).not.toContain('hunter2')
    expect(everythingShown(error)).not.toContain(key.split('\n')[1])
  })
})

describe('expirationTimestamp', () => {
  it.each([
    ['2030-01-31T12:00:00Z', '2030-01-31T12:00:00.000Z'],
    ['2030-01-31T12:00:00.123456789Z', '2030-01-31T12:00:00.123Z'],
    ['2030-01-31T12:00:00+02:30', '2030-01-31T09:30:00.000Z'],
    ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.000Z'],
  ])('%s is the end of the credentials', (expirationTimestamp, expected) => {
    expect(parse(credential({ token: 't', expirationTimestamp }))).toEqual({
      token: 't',
      expiresAt: new Date(expected),
    })
  })

  it('of the year 1 is none', () => {
    expect(parse(credential({ token: 't', expirationTimestamp: '0001-01-01T00:00:00Z' }))).toEqual({ token: 't' })
  })

  it.each([
    '',
    '2030-01-31T12:00:00',
    '2030-01-31t12:00:00z',
    '2030-01-31 12:00:00Z',
    '2030-02-30T12:00:00Z',
    '2030-01-31T24:00:00Z',
    '2030-01-31T12:00:00+99:00',
    '2030-01-31',
    'tomorrow',
    1_900_000_000,
    true,
    {},
  ])('%j is refused', (expirationTimestamp) => {
    expect(() => parse(credential({ token: 't', expirationTimestamp }))).toThrow(
      'it printed an "expirationTimestamp" that is no time as in RFC 3339',
    )
  })
})

function thrown(attempt: () => unknown): Error {
  try {
    attempt()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('expected an Error')
}
