import { execFile } from 'node:child_process'
import path from 'node:path'
import { createClient } from '@kubeclient/core'
import type { ClientConfig } from '@kubeclient/core/spec'
import { loadKubeconfig, parseKubeconfig } from '@kubeclient/kubeconfig'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askedFor } from './ask-provider.ts'
import { temporaryFolder } from './folder.ts'
import { base64, fixture, kubeconfigText } from './kubeconfig.ts'
import { type Recorded, type RecordingServer, startRecordingServer } from './recording-server.ts'

/** `KUBECONFIG_SEED` and `KUBECONFIG_RUNS` ask for other combinations, or more. */
const { KUBEBUILDER_ASSETS: assets, KUBECONFIG_SEED: seed = '5', KUBECONFIG_RUNS: runs = '200' } = process.env

/** Each of them parts of an entry, that are put together. */
const oneOf = (...choices: readonly object[]): fc.Arbitrary<object> => fc.constantFrom(...choices)
const merged = (...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((objects) => Object.assign({}, ...objects))

const ca = base64(fixture('server.pem'))
const cert = base64(fixture('client.pem'))
const key = base64(fixture('client-key.pem'))
const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'none', interactiveMode: 'Never' }

const clusters = merged(
  oneOf({ path: '' }, { path: '/' }, { path: '/k8s/clusters/c-1' }, { path: '/a/b/' }, { path: '/a?b=c' }),
  fc.oneof(
    { weight: 6, arbitrary: oneOf({ 'certificate-authority': 'server.pem' }, { 'certificate-authority-data': ca }) },
    { weight: 2, arbitrary: oneOf({ 'insecure-skip-tls-verify': true }) },
    oneOf(
      {},
      { 'certificate-authority': 'missing.pem' },
      { 'certificate-authority-data': base64(fixture('other-ca.pem')) },
      { 'certificate-authority': 'server.pem', 'certificate-authority-data': ca },
      { 'certificate-authority': 'server.pem', 'insecure-skip-tls-verify': true },
    ),
  ),
  fc.oneof(
    { weight: 6, arbitrary: oneOf({}, { 'tls-server-name': 'api.example.com' }) },
    oneOf(
      { 'tls-server-name': 'other.example.com' },
      { 'tls-server-name': '127.0.0.1' },
      { 'tls-server-name': '127.0.0.2' },
      { 'tls-server-name': '' },
    ),
  ),
  oneOf({}, { 'disable-compression': true }),
)

const users = merged(
  fc.oneof(
    { weight: 3, arbitrary: oneOf({ token: 'token-in-the-file' }, { tokenFile: 'token' }) },
    oneOf({ username: 'alice', password: 'wönderland: 1' }, { username: 'alice' }),
    oneOf(
      {},
      { token: '' },
      { tokenFile: 'missing' },
      { token: 't', username: 'u' },
      { tokenFile: 'token', username: 'u' },
    ),
  ),
  fc.oneof(
    { weight: 4, arbitrary: oneOf({}) },
    {
      weight: 4,
      arbitrary: oneOf(
        { 'client-certificate': 'client.pem', 'client-key': 'keys/client.pem' },
        { 'client-certificate-data': cert, 'client-key-data': key },
        { 'client-certificate-data': cert, 'client-key': 'keys/client.pem' },
      ),
    },
    oneOf(
      { 'client-certificate-data': cert },
      { 'client-key-data': key },
      { 'client-certificate': 'client.pem', 'client-certificate-data': cert, 'client-key-data': key },
      { 'client-certificate': 'client.pem', 'client-key-data': base64(fixture('other-key.pem')) },
    ),
  ),
  oneOf({}, { exec }),
  fc.oneof(
    { weight: 3, arbitrary: oneOf({}) },
    { weight: 5, arbitrary: impersonation() },
    oneOf({ 'as-uid': '1' }, { 'as-groups': ['g'] }, { 'as-user-extra': { k: ['v'] } }, { as: '', 'as-groups': [] }),
  ),
)

function impersonation(): fc.Arbitrary<object> {
  const text = fc
    .oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom('Jürgen', '日本', '😀'))
    .map((value) => `v${value.trim()}`)
  const keys = fc.constantFrom('scopes', 'Example.com/Scopes', '日本', 'a b', 'ümlaut', '100%', 'k~', '__proto__')
  return fc.record(
    {
      as: text,
      'as-uid': text,
      'as-groups': fc.array(text, { maxLength: 3 }),
      'as-user-extra': fc.dictionary(keys, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }),
    },
    { requiredKeys: ['as'] },
  )
}

const kubeconfigs = fc.record({
  cluster: clusters,
  user: users.filter((user) => !differsOnPurpose(user)),
  context: oneOf({}, { namespace: 'team-a' }, { namespace: '' }),
})

interface Parts {
  readonly cluster: object & { path?: string }
  readonly user: object
  readonly context: object
}

/** What docs/decisions/kubectl-differences.md says of users without credentials, or with `exec` and no plugin. */
function differsOnPurpose(user: object): boolean {
  const has = (field: string): boolean => field in user && Boolean(user[field as keyof typeof user]) // `in` says so
  const isComplete = has('token') || has('tokenFile') || has('username')
  const hasCertificate = has('client-certificate') || has('client-certificate-data')
  return !isComplete && !hasCertificate
}

function kubectl(...args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const options = { env: { HOME: '/nonexistent' } }
    execFile(path.join(assets ?? '', 'kubectl'), args, options, (error, stdout, stderr) =>
      resolve(error === null ? stdout : `refused: ${stderr}`),
    ).stdin?.end()
  })
}

describe.runIf(assets !== undefined)('kubectl sends what we send', () => {
  let server: RecordingServer
  beforeAll(async () => {
    server = await startRecordingServer()
  })
  afterAll(() => server.stop())

  async function ours(file: string): Promise<{ sent: readonly Recorded[]; config?: ClientConfig; why?: unknown }> {
    let config: ClientConfig | undefined
    try {
      config = await loadKubeconfig({ path: file })
      const client = createClient({ ...config, retry: false, timeouts: { connectMs: 5000, responseMs: 5000 } })
      await client.request({ path: '/version' }).finally(() => client.close())
      return { sent: server.take(), config }
    } catch (why) {
      return { sent: server.take(), why, ...(config !== undefined && { config }) }
    }
  }

  it(
    'for hundreds of combinations of clusters, users and impersonation',
    { timeout: 1500 * Number(runs) },
    async () => {
      const folder = temporaryFolder()
      await folder.write('token', 'token-of-the-file\n')
      await folder.write('server.pem', fixture('server.pem'))
      await folder.write('client.pem', fixture('client.pem'))
      await folder.write('keys/client.pem', fixture('client-key.pem'))
      let requests = 0

      await fc.assert(
        fc.asyncProperty(kubeconfigs, async ({ cluster: { path: prefix = '', ...cluster }, user, context }: Parts) => {
          const parts = { cluster: { ...cluster, server: `${server.origin}${prefix}` }, user, context }
          const file = await folder.write('config', kubeconfigText(parts))
          const { sent, config, why } = await ours(file)
          const answer = await kubectl('get', '--raw', '/version', '--kubeconfig', file)
          const theirs = server.take()
          requests += theirs.length

          expect(sent, `${String(why)}\n${answer}`).toEqual(theirs)
          if (config === undefined || answer.startsWith('refused')) return
          const view = await kubectl(
            'config',
            'view',
            '--minify',
            '--flatten',
            '--raw',
            '--output=json',
            '--kubeconfig',
            file,
          )
          expect(await meaningOf(config)).toEqual(await meaningOf(await flattened(view)))
        }),
        { numRuns: Number(runs), seed: Number(seed) },
      )
      // Were most of them refused by both, this would show little.
      expect(requests).toBeGreaterThan(Number(runs) / 2)
    },
  )
})

/** What we make of a kubeconfig into which kubectl has put the files. */
async function flattened(view: string): Promise<ClientConfig> {
  const {
    users: [entry],
    ...rest
  }: { users: { user: Record<string, unknown> }[] } = JSON.parse(view)
  // The one file that kubectl leaves outside, which text has no right to.
  const { tokenFile, ...user } = entry?.user ?? {}
  const token = tokenFile === undefined ? {} : { token: 'token-of-the-file' }
  return parseKubeconfig({ ...rest, users: [{ ...entry, user: { ...user, ...token } }] }).clientConfig()
}

/** A configuration with its functions asked, without the times. */
async function meaningOf({
  tls: { ca: authority, clientCertificate, ...tls } = {},
  credentials,
  ...rest
}: ClientConfig): Promise<object> {
  const given =
    credentials === undefined || typeof credentials === 'function'
      ? {}
      : 'getCredentials' in credentials
        ? await credentials.getCredentials(askedFor('initial'))
        : credentials
  const { expiresAt: _, ...identity } = { clientCertificate, ...given }
  return { ...rest, ...tls, ...identity, ca: typeof authority === 'function' ? await authority() : authority }
}
