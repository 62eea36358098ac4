// The same kubeconfig and the same command, run by kubectl and by us: what each gives the command, and takes from it.
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { execAuth } from '@kubeclient/auth-exec'
import { createClient, isKubeError } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasControlPlane } from '../src/servers.ts'

const apiVersion = 'client.authentication.k8s.io/v1'
const pem = (name: string): Promise<string> =>
  readFile(new URL(`../../auth-exec/test/fixtures/${name}.pem`, import.meta.url), 'utf8')
const [cert, key, otherKey] = await Promise.all([pem('client'), pem('client-key'), pem('other-key')])

interface Case {
  readonly folder: string
  readonly kubeconfig: string
}

/** A kubeconfig for a server where nobody listens, and `./plugin` beside it. */
async function prepare(cluster: object, exec: object, ...lines: readonly string[]): Promise<Case> {
  const folder = await mkdtemp(join(tmpdir(), 'exec-kubectl-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'plugin'), ['#!/bin/sh', ...lines, ''].join('\n'))
  await chmod(join(folder, 'plugin'), 0o755)
  const user = { exec: { apiVersion, command: './plugin', interactiveMode: 'Never', ...exec } }
  const text = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'k', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
  })
  await writeFile(join(folder, 'kubeconfig'), text)
  return { folder, kubeconfig: join(folder, 'kubeconfig') }
}

/** Whether kubectl got as far as the connection, with what the command printed. */
function kubectlTakes({ kubeconfig }: Case): Promise<boolean> {
  const program = join(env['KUBEBUILDER_ASSETS'] ?? '', 'kubectl')
  const args = ['--kubeconfig', kubeconfig, 'get', '--raw', '/version']
  return new Promise((resolve) => {
    execFile(program, args, { env: { HOME: '/nonexistent', PATH: env['PATH'], WHO: 'kubectl' } }, (_, __, stderr) => {
      resolve(/was refused|proxyconnect/.test(stderr))
    })
  })
}

/** The same of us. */
async function weTake({ kubeconfig }: Case): Promise<boolean> {
  const plugins = [execAuth({ allow: 'any', onStderr: () => undefined })]
  const client = createClient({ ...(await loadKubeconfig({ path: kubeconfig, plugins })), retry: false })
  try {
    await client.version()
    return true
  } catch (error) {
    return !isKubeError(error, 'KUBE_CREDENTIALS')
  } finally {
    await client.close()
  }
}

const credential = (status: unknown, rest: object = {}): string =>
  JSON.stringify({ apiVersion, kind: 'ExecCredential', status, ...rest })
const until = (expirationTimestamp: unknown): string => credential({ token: 't', expirationTimestamp })

const yaml = (status: string, before = ''): string =>
  `${before}apiVersion: ${apiVersion}\nkind: ExecCredential\nstatus:\n  ${status}\n`

/** What a command may print, and whether kubectl takes it. */
const outputs: readonly (readonly [string, string, boolean])[] = [
  ['a token', credential({ token: 't' }), true],
  ['a byte order mark', `\u{feff}\n${credential({ token: 't' })}\r\n`, true],
  ['no kind', credential({ token: 't' }, { kind: undefined }), true],
  ['another kind', credential({ token: 't' }, { kind: 'Status' }), false],
  ['no apiVersion', credential({ token: 't' }, { apiVersion: undefined }), false],
  ['another apiVersion', credential({ token: 't' }, { apiVersion: `${apiVersion}beta1` }), false],
  ['no status', credential(undefined), false],
  ['a list as status', credential([]), false],
  ['an empty status', credential({}), false],
  ['an empty token', credential({ token: '' }), false],
  ['a number as token', credential({ token: 1 }), false],
  ['a token with a line break', credential({ token: 't\n' }), false],
  ['another case', credential({ Token: 't' }), false],
  ['fields that it does not know', credential({ token: 't', more: 1 }, { metadata: { name: 'x' }, more: [] }), true],
  ['null', credential({ token: 't', clientKeyData: null, expirationTimestamp: null }), true],
  ['a field twice', `{"apiVersion":"${apiVersion}","status":{"token":"","token":"b"}}`, true],
  ['nothing', '', false],
  ['words', 'please sign in', false],
  ['words before', `x ${credential({ token: 't' })}`, false],
  ['words after', `${credential({ token: 't' })} x`, false],
  ['two documents', `${credential({ token: 't' })}\n${credential({ token: 't' })}`, false],
  ['half a document', credential({ token: 't' }).slice(0, -1), false],
  ['a list', '[]', false],
  ['null alone', 'null', false],
  ['a pair', credential({ clientCertificateData: cert, clientKeyData: key }), true],
  ['a pair and a token', credential({ token: 't', clientCertificateData: cert, clientKeyData: key }), true],
  [
    'a pair with words before it',
    credential({ clientCertificateData: `x\n${cert}`, clientKeyData: `x\n${key}` }),
    true,
  ],
  ['a certificate alone', credential({ token: 't', clientCertificateData: cert }), false],
  ['a key alone', credential({ clientKeyData: key }), false],
  ['base64 of a pair', credential({ clientCertificateData: btoa(cert), clientKeyData: btoa(key) }), false],
  ['the key of another', credential({ clientCertificateData: cert, clientKeyData: otherKey }), false],
  ['a time', until('2030-01-31T12:00:00Z'), true],
  ['a time with a fraction', until('2030-01-31T12:00:00.123456789Z'), true],
  ['a time with an offset', until('2030-01-31T12:00:00+02:30'), true],
  ['the zero time', until('0001-01-01T00:00:00Z'), true],
  ['a past time', until('2020-01-01T00:00:00Z'), true],
  ['an empty time', until(''), false],
  ['a time without a zone', until('2030-01-31T12:00:00'), false],
  ['a time in lower case', until('2030-01-31t12:00:00z'), false],
  ['a day that is not', until('2030-02-30T12:00:00Z'), false],
  ['an hour that is not', until('2030-01-31T24:00:00Z'), false],
  ['a leap second', until('2030-01-31T12:00:60Z'), false],
  ['a number as time', until(1_900_000_000), false],
  ['YAML', yaml('token: t'), true],
  ['YAML after dashes and a comment', yaml('token: t', '# x\n---\n'), true],
  ['YAML after a log line of its form', yaml('token: t', 'info: x\n'), true],
  ['YAML after words', yaml('token: t', 'signing in\n'), false],
  ['two documents of YAML', `${yaml('token: t')}---\n[[[`, true],
  ['YAML after an empty document', yaml('token: t', '---\n---\n'), false],
  ['YAML that ends early', `${yaml('token: t')}...\nx: [`, true],
  ['YAML 1.2', yaml('token: t', '%YAML 1.2\n---\n'), false],
  ['YAML with a tab', yaml('token: t').replace('  ', '\t'), false],
  ['a mapping in braces', `{apiVersion: ${apiVersion}, status: {token: t}}`, false],
  ['JSON after a comment', `# x\n${credential({ token: 't' })}`, true],
  ['JSON before a comment', `${credential({ token: 't' })} # x`, false],
  ['a number as token in YAML', yaml('token: 012'), false],
  ['yes as token in YAML', yaml('token: yes'), false],
  ['nothing as token in YAML', yaml('token: ~'), false],
  ['a day as token in YAML', yaml('token: 2001-01-01'), true],
  ['a token of base 60 in YAML', yaml('token: 1:30'), true],
  ['an exponent alone as token in YAML', yaml('token: e5'), true],
  ['a line as token in YAML', yaml('token: |\n    t'), false],
  ['an anchor in YAML', yaml('token: *x', 'x: &x t\n'), true],
  ['a merge in YAML', yaml('<<: *x', 'x: &x {token: t}\n'), true],
  ['a field twice in YAML', yaml("token: ''\n  token: t"), true],
  ['a time in YAML', yaml('token: t\n  expirationTimestamp: 2030-01-31T12:00:00Z'), true],
  ['a day in YAML', yaml('token: t\n  expirationTimestamp: 2030-01-31'), false],
]

const printing = (output: string): Promise<Case> => prepare({}, {}, `cat <<'end'\n${output}\nend`)

describe('a client', () => {
  it.each(outputs)('decides about %s as kubectl does', async (_, output, taken) => {
    expect(await weTake(await printing(output))).toBe(taken)
  })
})

describe.each(hasControlPlane(env) ? ['kubectl'] : [])('%s', () => {
  it.each(outputs)('decides about %s as we say', async (_, output, taken) => {
    expect(await kubectlTakes(await printing(output))).toBe(taken)
  })

  it.each<[string, object, object]>([
    ['no cluster', {}, {}],
    ['a cluster', {}, { provideClusterInfo: true }],
    ['a cluster with a path', { server: 'https://127.0.0.1:1/k8s/c-1' }, { provideClusterInfo: true }],
    ['a server that shall not compress', { 'disable-compression': true }, { provideClusterInfo: true }],
    ['a server that may', { 'disable-compression': false }, { provideClusterInfo: true }],
    ['an unverified server', { 'insecure-skip-tls-verify': true }, { provideClusterInfo: true }],
    [
      'a CA, a name, a proxy and an extension',
      {
        'certificate-authority-data': btoa(cert),
        'tls-server-name': 'kubernetes',
        'proxy-url': 'http://127.0.0.1:1',
        extensions: [
          { name: 'other', extension: { x: 1 } },
          { name: 'client.authentication.k8s.io/exec', extension: { audience: 'a', n: 1, list: [null] } },
        ],
      },
      { provideClusterInfo: true },
    ],
    ['a CA in a file', { 'certificate-authority': 'ca.pem' }, { provideClusterInfo: true }],
    ['an entry that sets it itself', {}, { env: [{ name: 'KUBERNETES_EXEC_INFO', value: 'x' }] }],
  ])('tells the command of %s as a client does', async (_, cluster, exec) => {
    const prepared = await prepare(
      cluster,
      exec,
      `printf %s "$KUBERNETES_EXEC_INFO" > "$(dirname "$0")/info-\${WHO:-us}"`,
      `echo '${credential({ token: 't' })}'`,
    )
    await writeFile(join(prepared.folder, 'ca.pem'), cert)
    const infoOf = async (who: string): Promise<unknown> =>
      JSON.parse(await readFile(join(prepared.folder, `info-${who}`), 'utf8'))

    await kubectlTakes(prepared)
    await weTake(prepared)

    expect(await infoOf('us')).toEqual(await infoOf('kubectl'))
  })
})
