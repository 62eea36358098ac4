import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { type Client, type ClientConfig, createClient, type FetchClientConfig } from '../../src/fetch.ts'
import { kubeError } from '../support/caught.ts'
import { Pod, storedPod } from '../support/kinds.ts'
import { legacyServer } from '../support/legacy-discovery.ts'
import { events, failure, json, useServer } from '../support/scripted-server.ts'

const web = '/api/v1/namespaces/default/pods/web'
const list = '/api/v1/namespaces/default/pods'

const clients: Client[] = []
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())))

function clientOf(config: FetchClientConfig): Client {
  const client = createClient(config)
  clients.push(client)
  return client
}

describe('createClient', () => {
  it.each([
    { proxy: 'env' },
    { proxy: false },
    { http2: false },
    { tls: {} },
    { tls: { insecureSkipVerify: false } },
    { timeouts: { responseMs: 1000 } },
    { impersonate: { user: 'jane', groups: ['a'], extra: { scopes: ['a'] } } },
  ] satisfies Partial<ClientConfig>[])('takes %j', (more) => {
    expect(clientOf({ server: 'https://k8s.test', ...more }).namespace).toBe('default')
  })

  it('asks a transport of your own instead, which may have more to it', async () => {
    const seen: unknown[] = []
    const client = clientOf({
      server: 'https://k8s.test',
      tls: { ca: '-----BEGIN CERTIFICATE-----' },
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
    expect(seen).toEqual(['-----BEGIN CERTIFICATE-----', '/version'])
  })

  it('refuses a runtime without a fetch', async () => {
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

  it('repeats a read that failed without a reason, which may be a lost connection', async () => {
    let calls = 0
    const forgetful: typeof fetch = () => {
      calls += 1
      return calls === 1 ? Promise.reject(new TypeError('Load failed')) : Promise.resolve(Response.json({}))
    }
    await clientOf({ server: api.url, fetch: forgetful }).version()
    expect(calls).toBe(2)
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
