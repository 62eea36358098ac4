// OpenID Connect, from a kubeconfig through the client to a server, with a real provider.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { oidcAuth } from '@kubeclient/auth-oidc'
import { type Client, type ClientConfig, createClient } from '@kubeclient/core'
import { createClient as createLiteClient } from '@kubeclient/core/lite'
import { loadKubeconfig, parseKubeconfig } from '@kubeclient/kubeconfig'
import { type ControlPlane, startControlPlane } from '@kubeclient/testing'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  clientId,
  clientSecret,
  type ProviderOptions,
  startProvider,
  type TestProvider,
} from '../../auth-oidc/test/support/start-provider.ts'
import { scriptedProvider } from '../../auth-oidc/test/support/scripted-provider.ts'
import { startProxy } from '../../core/test/support/proxies.ts'
import { failure } from '../src/failure.ts'
import { hasControlPlane } from '../src/servers.ts'

const run = promisify(execFile)
const pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n'

async function provider(options?: ProviderOptions): Promise<TestProvider> {
  const running = await startProvider(options)
  onTestFinished(() => running.stop())
  return running
}

/** A server that takes every token, and knows which it was sent. */
async function lenientServer(): Promise<{ readonly server: string; readonly tokens: readonly (string | undefined)[] }> {
  const tokens: (string | undefined)[] = []
  const http = createServer((request, response) => {
    tokens.push(request.headers.authorization?.replace('Bearer ', ''))
    response.setHeader('content-type', 'application/json')
    response.end('{"gitVersion":"v1.37.2"}')
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => void http.close())
  const { port } = http.address() as AddressInfo // it listens on a port
  return { server: `http://127.0.0.1:${port}`, tokens }
}

/** As people write it: YAML with comments. */
function kubeconfigText(
  { server, tls }: Pick<ClientConfig, 'server' | 'tls'>,
  { issuer, ca }: Pick<TestProvider, 'issuer' | 'ca'>,
  tokens: Readonly<Record<string, string>>,
): string {
  const data = typeof tls?.ca === 'string' ? `, certificate-authority-data: ${btoa(tls.ca)}` : ''
  return [
    '# mine',
    'apiVersion: v1',
    'kind: Config',
    'current-context: c',
    `clusters: [{name: k, cluster: {server: '${String(server)}'${data}}}]`,
    'contexts: [{name: c, context: {cluster: k, user: u}}]',
    'users:',
    '- name: u # signs in at the provider',
    '  user:',
    '    auth-provider:',
    '      name: oidc',
    '      config:',
    `        idp-issuer-url: ${issuer}`,
    `        client-id: ${clientId}`,
    `        client-secret: '${clientSecret}'`,
    `        idp-certificate-authority-data: ${btoa(ca)}`,
    '        # of the last sign-in',
    ...Object.entries(tokens).map(([name, value]) => `        ${name}: ${value}`),
    '',
  ].join('\n')
}

/** A kubeconfig in a folder of its own, for the length of a test. */
async function writeKubeconfig(text: string): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'oidc-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'kubeconfig')
  await writeFile(path, text)
  return { folder, path }
}

async function connect(path: string): Promise<Client> {
  const client = createClient(await loadKubeconfig({ path, plugins: [oidcAuth()] }))
  onTestFinished(() => client.close())
  return client
}

function fieldOf(text: string, name: string): string {
  return new RegExp(`${name}: "?([^"\\n]+)"?`).exec(text)?.[1] ?? ''
}

describe('a kubeconfig of an OpenID provider', () => {
  it('has the new tokens after a sign-in, and is otherwise as it was', async () => {
    const [idp, { server, tokens }] = await Promise.all([provider(), lenientServer()])
    const old = { 'id-token': idp.idToken('jane', -60), 'refresh-token': await idp.signIn('jane') }
    const text = kubeconfigText({ server }, idp, old)
    const { folder, path } = await writeKubeconfig(text)
    const client = await connect(path)

    await Promise.all(Array.from({ length: 20 }, () => client.version()))

    const written = await readFile(path, 'utf8')
    const [idToken, refreshToken] = [fieldOf(written, 'id-token'), fieldOf(written, 'refresh-token')]
    expect(new Set(tokens)).toEqual(new Set([idToken]))
    expect(tokens).toHaveLength(20)
    expect(refreshToken).not.toBe(old['refresh-token'])
    expect(written).toBe(
      text.replace(old['id-token'], `"${idToken}"`).replace(old['refresh-token'], `"${refreshToken}"`),
    )
    expect(idp.refreshes()).toBe(1)
    expect(await readdir(folder)).toEqual(['kubeconfig'])
  })

  it('is used by the next program, which asks the provider nothing', async () => {
    const [idp, { server }] = await Promise.all([provider(), lenientServer()])
    const { path } = await writeKubeconfig(
      kubeconfigText({ server }, idp, { 'refresh-token': await idp.signIn('jane') }),
    )
    await (await connect(path)).version()
    const asked = idp.asked.length

    await (await connect(path)).version()

    expect(idp.asked).toHaveLength(asked)
  })

  it(
    'serves several processes that need new tokens at once: one gets them, and none is lost',
    { timeout: 60_000 },
    async () => {
      const [idp, { server, tokens }] = await Promise.all([provider(), lenientServer()])
      const { folder, path } = await writeKubeconfig(
        kubeconfigText({ server }, idp, { 'refresh-token': await idp.signIn('jane') }),
      )
      const program = fileURLToPath(new URL('programs/oidc-sign-in.ts', import.meta.url))

      const ends = await Promise.all(Array.from({ length: 4 }, () => run(process.execPath, [program, path])))

      expect(ends.map(({ stdout, stderr }) => stdout + stderr)).toEqual(Array.from({ length: 4 }, () => 'v1.37.2\n'))
      expect(idp.refreshes()).toBe(1)
      const written = await readFile(path, 'utf8')
      expect(tokens).toEqual(Array.from({ length: 4 }, () => fieldOf(written, 'id-token')))
      expect(await readdir(folder)).toEqual(['kubeconfig'])
      // A provider that is sent a refresh token twice ends them all: this one is still good.
      await writeFile(path, written.replace(fieldOf(written, 'id-token'), idp.idToken('jane', -60)))
      expect((await (await connect(path)).version()).gitVersion).toBe('v1.37.2')
    },
  )

  it.each([
    ['core', createClient],
    ['core/lite', createLiteClient],
  ])('leads to its provider through the proxy of the client, with %s', async (_, create) => {
    const [idp, { server }, proxy] = await Promise.all([provider(), lenientServer(), startProxy('http')])
    const text = kubeconfigText({ server }, idp, { 'refresh-token': await idp.signIn('jane') })
    const { path } = await writeKubeconfig(text)
    const config = await loadKubeconfig({ path, plugins: [oidcAuth()] })
    await using client = create({ ...config, proxy: proxy.url, allowInsecureCredentials: true })

    expect((await client.version()).gitVersion).toBe('v1.37.2')
    expect(proxy.targets).toContain(new URL(idp.issuer).host)
  })

  it('is unlocked when the client is closed while its provider hangs', async () => {
    const asked = Promise.withResolvers<void>()
    const hanging = await scriptedProvider({
      token() {
        asked.resolve()
        return {}
      },
    })
    const text = kubeconfigText(
      { server: 'http://127.0.0.1:1' },
      { ...hanging, ca: pem },
      { 'refresh-token': 'hunter2' },
    )
    const { folder, path } = await writeKubeconfig(text)
    const client = await connect(path)
    const call = failure(client.version(), 'KUBE_TRANSPORT')
    await asked.promise
    expect(await readdir(folder)).toEqual(['kubeconfig', 'kubeconfig.lock'])

    await client.close()

    expect((await call).message).toContain('closed')
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual(['kubeconfig']))
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  it('given as text has nowhere to write to, and signs in all the same', async () => {
    const [idp, { server }] = await Promise.all([provider({ rotates: false }), lenientServer()])
    const kubeconfig = parseKubeconfig(kubeconfigText({ server }, idp, { 'refresh-token': await idp.signIn('jane') }))
    const client = createClient(await kubeconfig.clientConfig({ plugins: [oidcAuth()] }))
    onTestFinished(() => client.close())

    expect((await client.version()).gitVersion).toBe('v1.37.2')
  })

  it('without what it must have is refused before any request, with its file and line', async () => {
    const idp = await provider()
    const text = kubeconfigText({ server: 'https://127.0.0.1:1' }, idp, { 'refresh-token': 'hunter2-hunter2' })
    const { path } = await writeKubeconfig(text.replace(/.*idp-issuer-url.*\n/, ''))

    const error = await failure(loadKubeconfig({ path, plugins: [oidcAuth()] }), 'KUBE_CONFIG')

    expect(error.message).toBe(
      `user "u" (${path}:9): the plugin "oidc" failed: "\\"idp-issuer-url\\" is absent; the provider told you what it is"`,
    )
    expect(idp.asked).toEqual([])
  })
})

describe('the example', () => {
  it('gives the tokens of one program to the next', async () => {
    const main = fileURLToPath(new URL('../../../examples/oidc-sign-in/main.ts', import.meta.url))

    const { stdout, stderr } = await run(process.execPath, [main])

    expect(stdout).toMatch(
      /^(namespaces: default, .*\n)\1id tokens given: 1; the kubeconfig now has the refresh token refresh-token-2\n$/,
    )
    expect(stderr).toBe('')
  })
})

describe.each(hasControlPlane(env) ? ['a real control plane'] : [])(
  'an OpenID provider, with %s',
  { timeout: 120_000 },
  () => {
    /** Of id tokens; longer than what the server keeps of a token that it has seen. */
    const idTokenSeconds = 15
    let idp: TestProvider
    let plane: ControlPlane
    let folder: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'oidc-plane-'))
      idp = await startProvider({ idTokenSeconds })
      await writeFile(join(folder, 'ca.pem'), idp.ca)
      plane = await startControlPlane({
        apiServerArgs: [
          `--oidc-issuer-url=${idp.issuer}`,
          `--oidc-client-id=${clientId}`,
          `--oidc-ca-file=${join(folder, 'ca.pem')}`,
          '--oidc-username-claim=sub',
          '--oidc-username-prefix=oidc:',
        ],
      })
      // It fetches the provider's keys by itself, some time after its start.
      const config: ClientConfig = { ...plane.config, credentials: { token: idp.idToken('jane', 600) } }
      await vi.waitFor(() => userOf(config), { timeout: 30_000, interval: 200 })
    }, 120_000)
    afterAll(async () => {
      await plane?.stop()
      await idp?.stop()
      await rm(folder, { recursive: true })
    })

    it('gives tokens that the server takes, that end, and that are renewed in time', async () => {
      const text = kubeconfigText(plane.config, idp, { 'refresh-token': await idp.signIn('jane') })
      const { path } = await writeKubeconfig(text)
      const before = idp.refreshes()
      const client = await connect(path)
      expect(await whoIs(client)).toBe('oidc:jane')
      expect(idp.refreshes() - before).toBe(1)

      const first = fieldOf(await readFile(path, 'utf8'), 'id-token')
      const withFirst: ClientConfig = { ...plane.config, credentials: { token: first } }
      expect(await userOf(withFirst)).toBe('oidc:jane')
      await vi.waitFor(async () => expect((await failure(userOf(withFirst), 'KUBE_API')).status).toBe(401), {
        timeout: 60_000,
        interval: 500,
      })

      expect(await whoIs(client)).toBe('oidc:jane')
      expect(idp.refreshes() - before).toBe(2)
      expect(fieldOf(await readFile(path, 'utf8'), 'id-token')).not.toBe(first)
    })

    it('is asked after the server has refused an id token that looks good, and the call is sent again', async () => {
      const stranger = await provider()
      const idToken = stranger.idToken('jane', 600)
      const text = kubeconfigText(plane.config, idp, { 'id-token': idToken, 'refresh-token': await idp.signIn('jane') })
      const { path } = await writeKubeconfig(text)
      const before = idp.refreshes()
      const client = await connect(path)

      const users = await Promise.all(Array.from({ length: 10 }, () => whoIs(client)))

      expect(new Set(users)).toEqual(new Set(['oidc:jane']))
      expect(idp.refreshes() - before).toBe(1)
    })

    it('whose tokens the server never takes: the 401 is the answer, and the provider is asked once', async () => {
      const stranger = await provider()
      const text = kubeconfigText(plane.config, stranger, { 'refresh-token': await stranger.signIn('jane') })
      const { path } = await writeKubeconfig(text)
      const client = await connect(path)

      for (const _ of Array.from({ length: 3 })) expect((await failure(whoIs(client), 'KUBE_API')).status).toBe(401)

      expect(stranger.refreshes()).toBeLessThanOrEqual(2)
    })

    it('is shared with kubectl, which reads what we write and writes what we read', async () => {
      const kubectl = join(env['KUBEBUILDER_ASSETS'] ?? '', 'kubectl')
      const whoami = async (path: string): Promise<string> => {
        const args = ['--kubeconfig', path, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}']
        return (await run(kubectl, args, { env: { HOME: folder, PATH: env['PATH'] } })).stdout
      }
      const text = kubeconfigText(plane.config, idp, { 'refresh-token': await idp.signIn('jane') })
      const { path } = await writeKubeconfig(text)
      const before = idp.refreshes()

      expect(await whoIs(await connect(path))).toBe('oidc:jane')
      expect(await whoami(path)).toBe('oidc:jane') // with our id token
      expect(idp.refreshes() - before).toBe(1)

      const ours = await readFile(path, 'utf8')
      await writeFile(path, ours.replace(fieldOf(ours, 'id-token'), idp.idToken('jane', -60)))
      expect(await whoami(path)).toBe('oidc:jane') // with our refresh token, and its successor in the file
      expect(idp.refreshes() - before).toBe(2)

      const theirs = await readFile(path, 'utf8')
      await writeFile(path, theirs.replace(fieldOf(theirs, 'id-token'), idp.idToken('jane', -60)))
      expect(await whoIs(await connect(path))).toBe('oidc:jane')
      expect(idp.refreshes() - before).toBe(3)
    })
  },
)

/** Who the server takes these for. */
async function userOf(config: ClientConfig): Promise<unknown> {
  await using client = createClient(config)
  return await whoIs(client)
}

async function whoIs(client: Client): Promise<unknown> {
  const response = await client.request({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  })
  const review = await response.json<{ status: { userInfo: { username: string } } }>()
  return review.status.userInfo.username
}
