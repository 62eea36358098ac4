import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, type ClientConfig, isUnauthorized } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { ConfigMap } from '@kubeclient/resources/core/v1'
import { type ApiServer, startApiServer } from '@kubeclient/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNoSecret } from '../src/expect-no-secret.ts'
import { failure } from '../src/failure.ts'
import { take } from '../src/take.ts'
import { tokenOf } from '../src/token-of.ts'
import { withClient } from '../src/with-client.ts'

/** Every way to the server: each has to fail alike. */
const ways: readonly (readonly [title: string, go: (client: Client) => Promise<unknown>])[] = [
  ['a list', (client) => client.resource(ConfigMap).list()],
  ['a find', (client) => client.resource(ConfigMap).find('a')],
  ['a watch', (client) => take(client.resource(ConfigMap).watch(), 1)],
  ['a write', (client) => client.resource(ConfigMap).create({ metadata: { name: 'a' } })],
  ['a raw request', (client) => client.request({ path: '/version' })],
]

describe('a server that is not the one', () => {
  let server: ApiServer
  let other: ApiServer

  beforeAll(async () => {
    server = await startApiServer({ tls: true })
    other = await startApiServer({ tls: true })
  })
  afterAll(() => Promise.all([server.stop(), other.stop()]))

  it.each(ways)('with a certificate of another CA is refused by %s before the token is sent', async (_, go) => {
    const config = { ...server.config, tls: other.config.tls }

    const error = await withClient(config, (client) => failure(go(client), 'KUBE_TRANSPORT'))

    expect(error.message).toContain(new URL(server.config.server).host)
    expect(error.message).toContain('not signed by a CA that is trusted here')
    expect(error).toMatchObject({ maybeApplied: false })
    expect(server.requests).toEqual([])
    expectNoSecret(error, [tokenOf(config)])
  })

  it.each(ways)('with a certificate for another name is refused by %s before the token is sent', async (_, go) => {
    const config = { ...server.config, tls: { ...server.config.tls, serverName: 'elsewhere.example.com' } }

    const error = await withClient(config, (client) => failure(go(client), 'KUBE_TRANSPORT'))

    expect(error.message).toMatch(/certificate is for another name.*elsewhere\.example\.com.*`tls\.serverName`/)
    expect(server.requests).toEqual([])
    expectNoSecret(error, [tokenOf(config)])
  })

  it('with no CA to check it by is refused too', async () => {
    const config = { ...server.config, tls: undefined }

    const error = await withClient(config, (client) => failure(client.version(), 'KUBE_TRANSPORT'))

    expect(error.message).toContain('`tls.ca` may be missing')
  })
})

describe('a token that the server does not know', () => {
  it.each(ways)('is a 401 for %s, with what may be wrong', async (_, go) => {
    const server = await startApiServer()
    try {
      const config = { ...server.config, credentials: { token: 'expired-long-ago' } }

      const error = await withClient(config, (client) => failure(go(client), 'KUBE_API'))

      expect(isUnauthorized(error)).toBe(true)
      expect(error.message).toContain('the credentials were refused; they may have expired')
      expectNoSecret(error, [tokenOf(config), tokenOf(server.config)])
    } finally {
      await server.stop()
    }
  })
})

describe('something else than an API server', () => {
  const token = 'a-token-that-the-page-shows'
  let server: Server
  let status = 200
  let config: ClientConfig

  beforeAll(async () => {
    server = createServer(({ headers }, response) => {
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
      response.end(`<!doctype html><title>Sign in</title><p>You sent ${headers.authorization}</p>`)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // it listens on TCP, so it has a port
    config = { server: `http://127.0.0.1:${port}`, credentials: { token } }
  })
  afterAll(() => server.close())

  const readers = ways.filter(([title]) => title !== 'a raw request')
  readers.push(['a question of discovery', (client) => client.resource('pods').list()])
  it.each(readers)('that answers %s with a page is a protocol error that shows its beginning', async (_, go) => {
    status = 200

    const error = await withClient(config, (client) => failure(go(client), 'KUBE_PROTOCOL'))

    expect(error.message).toContain('text/html')
    expect(error.message).toContain('<title>Sign in</title>')
    expectNoSecret(error, [token])
  })

  it.each(ways)('that refuses %s with a page is an ApiError that quotes it', async (_, go) => {
    status = 403

    const error = await withClient(config, (client) => failure(go(client), 'KUBE_API'))

    expect(error).toMatchObject({ status: 403, reason: undefined })
    expect(error.message).toContain('<title>Sign in</title>')
    expectNoSecret(error, [token])
  })
})

it('a port where nobody listens is a transport error that says so', async () => {
  const server = await startApiServer()
  await server.stop()

  const error = await withClient({ ...server.config, retry: false }, (client) =>
    failure(client.version(), 'KUBE_TRANSPORT'),
  )

  expect(error.message).toContain(`nothing listens at ${server.url.host} (connection refused)`)
})

describe('a kubeconfig', () => {
  const secret = 'c2VjcmV0LXRva2Vu'
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubeclient-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function write(name: string, text: string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, text)
    return path
  }

  it('that is not there is an error that names the file', async () => {
    const path = join(folder, 'absent')

    const error = await failure(loadKubeconfig({ path }), 'KUBE_CONFIG')

    expect(error.file).toBe(path)
    expect(error.message).toContain(path)
  })

  it('that is no YAML is an error that names file and line, and shows nothing of it', async () => {
    const path = await write('broken', `apiVersion: v1\nusers:\n- name: a\n  user: {token: ${secret}\nclusters: ]\n`)

    const error = await failure(loadKubeconfig({ path }), 'KUBE_CONFIG')

    expect(error.file).toBe(path)
    expect(error.message).toContain(path)
    expect(error.line).toEqual(expect.any(Number))
    expectNoSecret(error, [secret])
  })

  it('without the context that is asked for is an error that lists those it has', async () => {
    const server = await startApiServer()
    await server.stop()
    const path = await write('good', server.kubeconfig)

    const error = await failure(loadKubeconfig({ path, context: 'production' }), 'KUBE_CONFIG')

    expect(error.message).toContain('"production"')
    const { contexts } = JSON.parse(server.kubeconfig) as { contexts: { name: string }[] } // it is JSON, which is YAML
    for (const { name } of contexts) expect(error.message).toContain(name)
    expectNoSecret(error, [tokenOf(server.config)])
  })

  it('whose user only a plugin can serve is an error that names the package to install', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'aws', interactiveMode: 'Never' }
    const path = await write(
      'exec',
      JSON.stringify({
        clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
        users: [{ name: 'u', user: { exec } }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    )

    const error = await failure(loadKubeconfig({ path }), 'KUBE_CONFIG')

    expect(error.message).toContain('npm install @kubeclient/auth-exec')
    expect(error.message).toContain('"u"')
  })
})
