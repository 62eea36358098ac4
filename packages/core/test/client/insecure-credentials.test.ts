import { describe, expect, it } from 'vitest'
import {
  type Client,
  type ClientConfig,
  createClient,
  type Credentials,
  type KubeRequest,
  type Middleware,
} from '../../src/index.ts'
import { createClient as createFetchClient } from '../../src/fetch.ts'
import { kubeError } from '../support/caught.ts'

const server = 'http://api.example'
const impersonate = { user: 'jane' }
const pair = { cert: 'c', key: 'k' }

const addAuthorization: Middleware = (request, next) =>
  next({ ...request, headers: { ...request.headers, authorization: 'Bearer abc' } })

const certificateOnly = async (): Promise<Credentials> => ({ clientCertificate: pair })

/** What a client has sent, over no network. */
function recording(config: ClientConfig): { client: Client; sent: KubeRequest[] } {
  const sent: KubeRequest[] = []
  const transport: ClientConfig['transport'] = () => ({
    send: async (request) => {
      sent.push(request)
      const body: AsyncIterable<Uint8Array> = (async function* () {
        yield Buffer.from('{}')
      })()
      return { status: 200, headers: {}, body, cancel: () => undefined }
    },
    close: async () => undefined,
  })
  return { client: createClient({ ...config, transport }), sent }
}

describe('over plain http to another host', () => {
  it.each([
    ['credentials', { credentials: { token: 'abc' } }],
    ['impersonation', { impersonate }],
  ])('%s is refused', (_, config) => {
    expect(() => createClient({ server, ...config })).toThrow(/plain http/)
    expect(() => createClient({ server, ...config, allowInsecureCredentials: true })).not.toThrow()
  })

  it('impersonation that with() brings is refused, too', () => {
    expect(() => createClient({ server }).with({ impersonate })).toThrow(/plain http/)
    expect(() => createClient({ server, allowInsecureCredentials: true }).with({ impersonate })).not.toThrow()
  })

  const headers = [{ Authorization: 'Bearer abc' }, { 'impersonate-user': 'jane' }, { 'Impersonate-Extra-a': 'b' }]

  it.each(headers)('the headers %j are refused, before anything is sent', async (given) => {
    const { client, sent } = recording({ server })
    await kubeError('KUBE_CONFIG', () => client.with({ headers: given }))
    const error = await kubeError('KUBE_CONFIG', client.request({ path: '/x', headers: given }))
    expect(error.message).toMatch(/clear text/)
    expect(error.message).not.toMatch(/abc|jane/)
    expect(sent).toEqual([])
    await client.request({ path: '/x', headers: { 'x-mine': '1' } })
    expect(sent).toHaveLength(1)
  })

  it.each(headers)('the headers %j are sent where that is allowed', async (given) => {
    const { client, sent } = recording({ server, allowInsecureCredentials: true })
    await client.with({ headers: given }).request({ path: '/x' })
    await client.request({ path: '/x', headers: given })
    expect(sent).toHaveLength(2)
  })

  it('an Authorization header that a middleware adds is refused', async () => {
    const { client, sent } = recording({ server, middleware: [addAuthorization] })
    await kubeError('KUBE_CONFIG', client.version())
    expect(sent).toEqual([])
  })
})

const near = ['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1']

it.each([...near, 'https://api.example'])('%s may be sent credentials', (url) => {
  expect(() => createClient({ server: url, credentials: { token: 'abc' }, impersonate })).not.toThrow()
})

it.each(near)('%s through a proxy is on another machine: it may not be sent credentials', (url) => {
  for (const proxy of ['http://proxy:3128', 'https://proxy', 'socks5://127.0.0.1:1080', new URL('http://proxy')]) {
    const config = { server: url, proxy, credentials: { token: 'abc' } }
    expect(() => createClient(config)).toThrow(/`proxy`.* in clear text/)
    expect(() => createClient({ ...config, allowInsecureCredentials: true })).not.toThrow()
    expect(() => createClient({ server: url, proxy })).not.toThrow()
  }
  for (const proxy of ['env', false] as const) {
    expect(() => createClient({ server: url, proxy, credentials: { token: 'abc' } })).not.toThrow()
  }
})

describe('over plain http', () => {
  it.each<[string, Partial<ClientConfig>]>([
    ['tls.ca', { tls: { ca: '-----BEGIN CERTIFICATE-----' } }],
    ['tls.ca', { tls: { ca: async () => '' } }],
    ['tls.clientCertificate', { tls: { clientCertificate: pair } }],
    ['tls.serverName', { tls: { serverName: 'kubernetes' } }],
    ['tls.insecureSkipVerify', { tls: { insecureSkipVerify: true } }],
    ['credentials.clientCertificate', { credentials: { clientCertificate: pair } }],
  ])('`%s` would be ignored, and is refused', async (name, config) => {
    const error = await kubeError('KUBE_CONFIG', () => createClient({ server: 'http://127.0.0.1:1', ...config }))
    expect(error.message).toContain(`\`${name}\` has no effect`)
    expect(() => createClient({ server: 'https://127.0.0.1:1', ...config })).not.toThrow()
  })

  it('what asks for nothing is no fault, nor is a certificate beside a token', () => {
    const local = 'http://127.0.0.1:1'
    expect(() => createClient({ server: local, tls: {} })).not.toThrow()
    expect(() => createClient({ server: local, tls: { insecureSkipVerify: false, ca: undefined } })).not.toThrow()
    expect(() => createClient({ server: local, credentials: { token: 'abc', clientCertificate: pair } })).not.toThrow()
  })

  it('a provider that gives only a certificate leaves nobody anonymous', async () => {
    const { client, sent } = recording({ server: 'http://127.0.0.1:1', credentials: certificateOnly })
    const error = await kubeError('KUBE_CREDENTIALS', client.version())
    expect(error.message).toMatch(/certificate.*http/)
    expect(sent).toEqual([])
  })
})

it.each<[string, unknown]>([
  ['cert', { cert: '', key: 'k' }],
  ['key', { cert: 'c', key: '' }],
  ['key', { cert: 'c' }],
])('a `tls.clientCertificate` without a %s would be nobody, and is refused', async (name, clientCertificate) => {
  const tls = { clientCertificate } as ClientConfig['tls'] // what a program without types can pass
  const error = await kubeError('KUBE_CONFIG', () => createClient({ server: 'https://api.example', tls }))
  expect(error.message).toContain(`\`tls.clientCertificate\` cannot be used: it has no \`${name}\``)
})

it('with() refuses to impersonate nobody', () => {
  const client = createClient({ server: 'https://api.example' })
  expect(() => client.with({ impersonate: { user: '' } })).toThrow(expect.objectContaining({ code: 'KUBE_CONFIG' }))
})

describe.each([
  ['index', createClient],
  ['fetch', createFetchClient],
])('createClient of %s', (_, create) => {
  it('says that a configuration still has to be waited for', async () => {
    const config = Promise.resolve({ server }) as unknown as ClientConfig // what a program without types can pass
    const error = await kubeError('KUBE_CONFIG', () => create(config))
    expect(error.message).toContain('createClient(await loadKubeconfig())')
  })

  it.each([undefined, null, 'https://api.example'])('refuses %j by name', async (config) => {
    const error = await kubeError('KUBE_CONFIG', () => create(config as unknown as ClientConfig)) // as above
    expect(error.message).toMatch(/^the configuration is missing/)
  })
})
