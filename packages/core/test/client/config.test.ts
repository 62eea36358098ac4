import { describe, expect, it } from 'vitest'
import type { ClientConfig, ConnectionOptions, Transport } from '../../src/index.ts'
import { createClient } from '../../src/index.ts'
import { caught, kubeError, logged } from '../support/caught.ts'

const server = 'https://k8s.test:6443'
const secret = 'hush-3N'

interface Refusal {
  name: string
  config: unknown
  message: string
}

const refusals: Refusal[] = [
  { name: 'no server', config: {}, message: '`server` is missing' },
  { name: 'an empty server', config: { server: '' }, message: '`server` is no URL' },
  { name: 'a server that is no URL', config: { server: '10.0.0.1' }, message: '`server` is no URL' },
  { name: 'a host and port', config: { server: '10.0.0.1:6443' }, message: '`server`' },
  { name: 'another scheme', config: { server: 'ftp://k8s.test' }, message: 'must be https:// or http://' },
  {
    name: 'a password in the server',
    config: { server: `https://u:${secret}@k8s.test` },
    message: 'user name or password',
  },
  { name: 'a query in the server', config: { server: `${server}?a=b` }, message: '"?a=b"' },
  { name: 'a fragment in the server', config: { server: `${server}#x` }, message: '"#x"' },
  {
    name: 'a CA that is not verified',
    config: { server, tls: { ca: 'PEM', insecureSkipVerify: true } },
    message: '`tls.insecureSkipVerify` excludes `tls.ca`',
  },
  {
    name: 'impersonation of nobody',
    config: { server, impersonate: { user: '', groups: ['g'] } },
    message: '`impersonate.user` is empty',
  },
  {
    name: 'impersonation without a user',
    config: { server, impersonate: { groups: ['g'] } },
    message: '`impersonate.user` is empty',
  },
  { name: 'credentials without any', config: { server, credentials: {} }, message: '`credentials` cannot be used' },
  {
    name: 'credentials that are a string',
    config: { server, credentials: secret },
    message: '`credentials` cannot be used',
  },
  { name: 'credentials that are null', config: { server, credentials: null }, message: '`credentials` cannot be used' },
  { name: 'an empty token', config: { server, credentials: { token: '' } }, message: 'token is empty' },
  {
    name: 'a token with a line break',
    config: { server, credentials: { token: `${secret}\n` } },
    message: 'line breaks',
  },
  {
    name: 'a token and basic auth',
    config: { server, credentials: { token: secret, basic: { username: 'u', password: secret } } },
    message: 'both a token and basic auth',
  },
  { name: 'a proxy that is no URL', config: { server, proxy: `u:${secret}@proxy` }, message: '`proxy`' },
  { name: 'a proxy of another scheme', config: { server, proxy: 'ftp://proxy' }, message: '`proxy`' },
]

describe('createClient refuses', () => {
  it.each(refusals)('$name, by name and without showing a secret', async ({ config, message }) => {
    const error = await kubeError('KUBE_CONFIG', () => createClient(config as ClientConfig)) // what a program without types can pass
    expect(error.message).toContain(message)
    expect(logged(error)).not.toContain(secret)
  })

  it.each<[string, Partial<ClientConfig>]>([
    ['a token', { credentials: { token: secret } }],
    ['a provider', { credentials: { name: 'p', getCredentials: async () => ({ token: secret }) } }],
    ['a function', { credentials: async () => ({ token: secret }) }],
    ['impersonation', { impersonate: { user: 'alice' } }],
  ])('%s over plain http to a host that is not loopback', async (_, config) => {
    for (const host of ['k8s.test', '10.0.0.1', '[::2]', 'localhost.evil.test', '127.evil.test']) {
      const insecure = { server: `http://${host}`, ...config }
      const error = await kubeError('KUBE_CONFIG', () => createClient(insecure))
      expect(error.message).toContain('clear text')
      expect(logged(error)).not.toContain(secret)
      expect(() => createClient({ ...insecure, allowInsecureCredentials: true })).not.toThrow()
    }
    for (const host of ['localhost:8001', '127.0.0.1:1', '127.1.2.3', '[::1]:80']) {
      expect(() => createClient({ server: `http://${host}`, ...config })).not.toThrow()
    }
  })
})

describe('createClient', () => {
  it('accepts a URL or a string, with a path', () => {
    for (const given of [new URL(server), server, `${server}/k8s/clusters/c-1/`]) {
      expect(() => createClient({ server: given })).not.toThrow()
    }
  })

  it('opens nothing, and asks nobody for credentials', () => {
    let asked = 0
    const factory = (): Transport => {
      asked += 1
      throw new Error('no transport')
    }
    createClient({
      server,
      transport: factory,
      credentials: async () => {
        asked += 1
        return { token: 'x' }
      },
      tls: { ca: async () => `${(asked += 1)}` },
    })
    expect(asked).toBe(0)
  })

  it('uses the namespace of its configuration, else default', () => {
    expect(createClient({ server }).namespace).toBe('default')
    expect(createClient({ server, namespace: 'x' }).namespace).toBe('x')
  })

  it('gives a custom transport all that it must honour', async () => {
    const seen: ConnectionOptions[] = []
    const client = createClient({
      server: `${server}/prefix`,
      proxy: 'socks5://proxy.test',
      tls: { ca: async () => 'CA', serverName: 'sni.test', clientCertificate: { cert: 'c', key: 'k' } },
      timeouts: { connectMs: 1, responseMs: 2 },
      retry: false,
      transport(options) {
        seen.push(options)
        return { send: () => Promise.reject(new Error('offline')), close: async () => undefined }
      },
    })
    expect(await caught(client.version())).toEqual(new Error('offline'))
    expect(seen).toEqual([
      {
        server: new URL(`${server}/prefix`),
        proxy: new URL('socks5://proxy.test'),
        ca: 'CA',
        serverName: 'sni.test',
        clientCertificate: { cert: 'c', key: 'k' },
        insecureSkipVerify: false,
        connectMs: 1,
        responseMs: 2,
        http2: false,
      },
    ])
  })
})
