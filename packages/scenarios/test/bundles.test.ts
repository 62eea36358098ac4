// A serverless handler with one auth package: its bundle has nothing of the others, and runs without any node_modules.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { type OutputChunk, rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { packagesFolder } from '../../core/test/module-graph.ts'

interface Row {
  /** Without its scope. */
  readonly name: string
  /** What makes the plugin. */
  readonly plugin: string
  /** What it brings along, besides itself. */
  readonly brings: readonly string[]
  /** A `user` entry that it takes, and how it fails where nothing is set up. */
  readonly user: object
  readonly fails: RegExp
  /** Minified and gzipped with all that it needs, in KiB: what its README says. */
  readonly maxKib: number
}

const exec = { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' }
const getToken = ['--region', 'eu-central-1', 'eks', 'get-token', '--cluster-name', 'demo']

/** `google-auth-library`, and what it brings along. */
const googleLibrary = [
  'agent-base',
  'base64-js',
  'bignumber.js',
  'buffer-equal-constant-time',
  'data-uri-to-buffer',
  'debug',
  'ecdsa-sig-formatter',
  'extend',
  'fetch-blob',
  'formdata-polyfill',
  'gaxios',
  'gcp-metadata',
  'google-auth-library',
  'google-logging-utils',
  'has-flag',
  'https-proxy-agent',
  'json-bigint',
  'jwa',
  'jws',
  'ms',
  'node-domexception',
  'node-fetch',
  'safe-buffer',
  'supports-color',
  'web-streams-polyfill',
]

const rows: readonly Row[] = [
  {
    name: 'auth-exec',
    plugin: `execAuth({ allow: ['aws'] })`,
    brings: [],
    user: { exec: { ...exec, command: 'aws' } },
    fails: /the plugin "exec" failed: "it runs commands for kubeconfigs that are files/,
    maxKib: 84,
  },
  {
    name: 'auth-eks',
    plugin: `eksAuth({ credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })`,
    brings: ['@smithy/core', '@smithy/signature-v4'],
    user: { exec: { ...exec, command: 'aws', args: [...getToken, '--role', 'arn:aws:iam::123456789012:role/x'] } },
    fails:
      /is to be assumed, which takes AWS's SDK: npm install @aws-sdk\/credential-providers; in a bundle, import it/,
    maxKib: 86,
  },
  {
    name: 'auth-gcp',
    plugin: `gcpAuth()`,
    brings: googleLibrary,
    user: { exec: { ...exec, command: 'gke-gcloud-auth-plugin' } },
    fails: /the plugin "gcp" failed: "it uses application-default credentials for kubeconfigs that are files/,
    maxKib: 166,
  },
  {
    name: 'auth-oidc',
    plugin: `oidcAuth()`,
    brings: ['oauth4webapi', 'openid-client'],
    user: {
      'auth-provider': {
        name: 'oidc',
        config: { 'idp-issuer-url': 'https://127.0.0.1:1', 'client-id': 'c', 'refresh-token': 'refresh-token' },
      },
    },
    fails: /the OpenID provider https:\/\/127\.0\.0\.1:1 cannot be asked at .*: nothing listens at 127\.0\.0\.1:1/,
    maxKib: 90,
  },
]

const handlerOf = ({ name, plugin }: Row): string => `
import { ${plugin.replace(/\(.*/, '')} } from '@kubeclient/${name}'
import { createClient } from '@kubeclient/core/lite'
import { parseKubeconfig } from '@kubeclient/kubeconfig/parse'

const kubeconfig = parseKubeconfig(process.argv[2])
try {
  const client = createClient(await kubeconfig.clientConfig({ plugins: [${plugin}] }))
  await client.resource('pods').list()
} catch (error) {
  console.log(error.code, error.message)
}
`

/** The bundle of a handler, as a bundler makes it that prefers ES modules. */
async function bundle(code: string, file: string): Promise<readonly OutputChunk[]> {
  const entry = join(packagesFolder, 'scenarios/test/handler.ts')
  const handler = { name: 'handler', load: (id: string) => (id === entry ? code : undefined) }
  const bundler = await rolldown({
    input: entry,
    platform: 'node',
    plugins: [{ ...handler, resolveId: (id: string) => (id === entry ? entry : undefined) }],
    resolve: { mainFields: ['module', 'main'] },
  })
  const { output } = await bundler.write({ file, minify: true, codeSplitting: false })
  await bundler.close()
  return output.filter((chunk) => chunk.type === 'chunk')
}

/** The packages that modules are of. */
function packagesOf(chunks: readonly OutputChunk[]): string[] {
  const name = /.*\/(?:packages|node_modules)\/(?<name>(?:@[^/]+\/)?[^/]+)/
  const ids = chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.startsWith('/'))
  return [...new Set(ids.map((id) => name.exec(id)?.groups?.['name'] ?? id))].toSorted()
}

function kubeconfigOf({ user }: Row): string {
  return JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'k', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
  })
}

describe.each(rows)('a handler with core/lite, kubeconfig/parse and $name', (row) => {
  let folder: string
  let file: string
  let chunks: readonly OutputChunk[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bundle-'))
    file = join(folder, 'handler.mjs')
    chunks = await bundle(handlerOf(row), file)
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('has nothing of another auth package, and no SDK', () => {
    const expected = [...row.brings, 'core', 'kubeconfig', row.name, 'scenarios', 'yaml']
    expect(packagesOf(chunks)).toEqual(expected.toSorted())
  })

  it('is as small as its README says', async () => {
    const kib = gzipSync(chunks.map(({ code }) => code).join('')).length / 1024
    expect(kib).toBeLessThanOrEqual(row.maxKib)

    const readme = await readFile(join(packagesFolder, row.name, 'README.md'), 'utf8')
    expect(readme).toMatch(new RegExp(`A test keeps [^.]* below [^.]*\\b${row.maxKib}\\s+KiB`))
  })

  it('runs where nothing is installed, and says what is missing', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [file, kubeconfigOf(row)], { cwd: folder })
    expect(stdout).toMatch(row.fails)
  })
})

describe('a handler with core/lite and gcpCredentials', () => {
  const handler = `
import { gcpCredentials } from '@kubeclient/auth-gcp'
import { createClient } from '@kubeclient/core/lite'

const client = createClient({ server: 'https://127.0.0.1:1', credentials: gcpCredentials() })
await client.resource('pods').list().catch((error) => console.log(error.code, error.message))
`

  it("is as small as its README says, and runs with Google's library where nothing is installed", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'handler.mjs')

    const chunks = await bundle(handler, file)
    const env = { ...process.env, GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'absent.json') }
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder, env })

    expect(gzipSync(chunks.map(({ code }) => code).join('')).length / 1024).toBeLessThanOrEqual(120)
    expect(stdout).toMatch(/^KUBE_CREDENTIALS Google Cloud: the file ".*absent\.json" .* does not exist/)
  })
})
