import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { type Client, type ClientConfig, createClient, type FetchClientConfig } from '../../src/fetch.ts'
import { caught, kubeError, logged } from '../support/caught.ts'
import { Pod, storedPod } from '../support/kinds.ts'
import { legacyServer } from '../support/legacy-discovery.ts'
import { events, failure, json, reset, text, useServer } from '../support/scripted-server.ts'

const web = '/api/v1/namespaces/default/pods/web'
const list = '/api/v1/namespaces/default/pods'

const clients: Client[] = []
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())))

function clientOf(config: FetchClientConfig): Client {
  const client = createClient(config)
  clients.push(client)
  return client
}

describe('createClient refuses what a fetch cannot honour, by name:', () => {
  const refused: [string, Partial<ClientConfig>][] = [
    ['`tls.ca`', { tls: { ca: 'pem' } }],
    ['`tls.clientCertificate`', { tls: { clientCertificate: { cert: 'cert', key: 'hush' } } }],
    ['`tls.serverName`', { tls: { serverName: 'kubernetes' } }],
    ['`tls.insecureSkipVerify`', { tls: { insecureSkipVerify: true } }],
    ['`proxy`', { proxy: 'http://user:hush@proxy:3128' }],
    ['`http2`', { http2: true }],
    ['`timeouts.connectMs`', { timeouts: { connectMs: 1000 } }],
    ['`impersonate.groups`', { impersonate: { user: 'jane', groups: ['a', 'b'] } }],
    ['`impersonate.extra`', { impersonate: { user: 'jane', extra: { scopes: ['a', 'b'] } } }],
  ]
  it.each(refused)('%s', async (option, more) => {
    const error = await kubeError('KUBE_CONFIG', () => createClient({ server: 'https://k8s.test', ...more }))
    expect(error.message).toContain(option)
    expect(error.message).toContain('@kubeclient/core/lite')
    expect(logged(error)).not.toContain('hush')
  })

  it.each([
    { proxy: 'env' },
    { proxy: false },
    { http2: false },
    { tls: {} },
    { tls: { insecureSkipVerify: false } },
    { timeouts: { responseMs: 1000 } },
    { impersonate: { user: 'jane', groups: ['a'], extra: { scopes: ['a'] } } },
  ] satisfies Partial<ClientConfig>[])('but not %j', (more) => {
    expect(clientOf({ server: 'https://k8s.test', ...more }).namespace).toBe('default')
  })

  it('a transport of your own is asked instead, and may have more to it', async () => {
    const seen: unknown[] = []
    const client = clientOf({
      server: 'https://k8s.test',
      tls: { ca: 'pem' },
      transport: ({ ca }) => ({
        async send({ path }) {
          seen.push(ca, path)
          const body = (async function* () {
            yield new TextEncoder().encode('{"gitVersion":"v1"}')
          })()
          return { status: 200, headers: {}, body, cancel: () => undefined }
        },
        close: () => Promise.resolve(),
      }),
    })
    await expect(client.version()).resolves.toEqual({ gitVersion: 'v1' })
    expect(seen).toEqual(['pem', '/version'])
  })

  it('a runtime without a fetch', async () => {
    const none = null as unknown as undefined // what such a runtime has there
    const error = await kubeError('KUBE_CONFIG', () => createClient({ server: 'https://k8s.test', fetch: none }))
    expect(error.message).toContain('`fetch` is missing')
  })
})

describe('the client', () => {
  const api = useServer()

  it('reads, writes and watches', async () => {
    api.reply(`GET ${web}`, json(storedPod('web')))
    api.reply(`POST ${list}?fieldManager=kubeclient`, json(storedPod('new'), { status: 201 }))
    api.reply(`GET ${list}?watch=true&allowWatchBookmarks=true`, events({ type: 'ADDED', object: storedPod('seen') }))
    const pods = clientOf({ server: api.url, credentials: { token: 'tok-3N' } }).resource(Pod)
    expect((await pods.get('web')).metadata.name).toBe('web')
    expect((await pods.create({ metadata: { name: 'new' } })).metadata.name).toBe('new')
    for await (const { object } of pods.watch()) {
      expect(object.metadata.name).toBe('seen')
      break
    }
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer tok-3N'))
  })

  it('impersonates a user with one group and one value of each extra', async () => {
    api.reply(`GET ${web}`, json(storedPod('web')))
    const impersonate = { user: 'jane', groups: ['devs'], extra: { scopes: ['view'] } }
    await clientOf({ server: api.url, impersonate }).resource(Pod).get('web')
    expect(api.requests[0]?.headers).toMatchObject({
      'impersonate-user': 'jane',
      'impersonate-group': 'devs',
      'impersonate-extra-scopes': 'view',
    })
  })

  it('with() several groups: a ConfigError that names them, and no request', async () => {
    const jane = clientOf({ server: api.url }).with({ impersonate: { user: 'jane', groups: ['a', 'b'] } })
    const error = await kubeError('KUBE_CONFIG', jane.resource(Pod).get('web'))
    expect(error.message).toContain('`impersonate.groups`')
    expect(api.requests).toEqual([])
  })

  it('credentials with a client certificate are refused when they are used', async () => {
    const client = clientOf({
      server: api.url,
      credentials: async () => ({ clientCertificate: { cert: 'cert', key: 'hush' } }),
    })
    const error = await kubeError('KUBE_CONFIG', client.version())
    expect(error.message).toContain('or one of `credentials`')
    expect(logged(error)).not.toContain('hush')
    expect(api.requests).toEqual([])
  })

  it('a provider fetches over the same fetch, and may not bring a CA', async () => {
    api.reply('POST /token', json({ token: 'tok-3N' }))
    api.reply('GET /version', json({ gitVersion: 'v1' }))
    const client = clientOf({
      server: api.url,
      credentials: {
        name: 'remote',
        async getCredentials({ fetch }) {
          const error = await kubeError('KUBE_CONFIG', fetch(api.url, { tls: { ca: 'pem' } }))
          expect(error.message).toContain('`tls.ca`')
          const response = await fetch(`${api.url}/token`, { method: 'POST', body: 'x' })
          return (await response.json()) as { token: string } // the server is ours
        },
      },
    })
    await client.version()
    expect(api.requests.map(({ body, headers }) => body || headers.authorization)).toEqual(['x', 'Bearer tok-3N'])
  })

  it('a 401 is answered by other credentials', async () => {
    api.reply('GET /version', failure(401, 'Unauthorized'), json({ gitVersion: 'v1' }))
    let asked = 0
    const client = clientOf({ server: api.url, credentials: async () => ({ token: `tok-${(asked += 1)}` }) })
    await client.version()
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer tok-1', 'Bearer tok-2'])
  })

  it('follows redirects itself, and never without noticing', async () => {
    api.reply('GET /version', text('', { status: 307, headers: { location: '/moved?x=1' } }))
    api.reply('GET /moved?x=1', json({ gitVersion: 'v1' }))
    await expect(clientOf({ server: api.url }).version()).resolves.toEqual({ gitVersion: 'v1' })
    api.reply('GET /version', text('', { status: 307, headers: { location: '/moved' } }))
    const error = await kubeError('KUBE_API', clientOf({ server: api.url, maxRedirects: 0 }).version())
    expect(error.status).toBe(307)
  })

  it('elsewhere takes no credentials', async () => {
    const elsewhere = api.url.replace('127.0.0.1', 'localhost')
    api.reply('GET /version', text('', { status: 302, headers: { location: `${elsewhere}/moved` } }))
    api.reply('GET /moved', json({ gitVersion: 'v1' }))
    await clientOf({ server: api.url, credentials: { token: 'tok-3N' } }).version()
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer tok-3N', undefined])
  })

  it('repeats a read whose connection was lost, also when the fetch gives no reason', async () => {
    api.reply('GET /version', reset(), json({ gitVersion: 'v1' }))
    await clientOf({ server: api.url }).version()
    let calls = 0
    const forgetful: typeof fetch = () => {
      calls += 1
      return calls === 1 ? Promise.reject(new TypeError('Load failed')) : Promise.resolve(Response.json({}))
    }
    await clientOf({ server: api.url, fetch: forgetful }).version()
    expect(calls).toBe(2)
  })

  it('close() rejects what is in flight', async () => {
    const arrived = api.hold('GET /version')
    const client = clientOf({ server: api.url })
    const waiting = caught(client.version())
    const { closed } = await arrived
    await client.close()
    await expect(waiting).resolves.toMatchObject({ code: 'KUBE_TRANSPORT' })
    await closed
  })

  it('refuses an upgrade', async () => {
    const client = clientOf({ server: api.url })
    const error = await kubeError('KUBE_CONFIG', client.upgrade({ path: '/api', protocols: ['v5.channel.k8s.io'] }))
    expect(error.message).toContain('WebSocket')
  })

  it('needs no global of Node, and no more of the web than it says', async () => {
    legacyServer(api)
    api.reply(
      `GET ${list}?limit=500`,
      json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [{ metadata: { name: 'ä' } }] }),
    )
    api.reply(
      `GET ${list}?resourceVersion=7&watch=true&allowWatchBookmarks=true`,
      events({ type: 'ADDED', object: storedPod('seen') }),
    )
    api.always(`GET ${list}/absent`, failure(404, 'NotFound'))
    const program = fileURLToPath(new URL('../support/bare-runtime.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, ['--experimental-vm-modules', program, api.url])
    expect(JSON.parse(stdout)).toEqual({
      names: ['ä', 'seen'],
      message: `GET ${api.url}${list}/absent: the server says NotFound (404 NotFound)`,
    })
    expect(api.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ä:ö').toString('base64')}`)
  })
})
