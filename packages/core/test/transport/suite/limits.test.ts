import { describe, expect, it } from 'vitest'
import type { Client, ClientConfig } from '../../../src/index.ts'
import { kubeError, logged } from '../../support/caught.ts'
import { useServer } from '../../support/scripted-server.ts'
import { entries } from '../../support/transports.ts'

/** What an entry cannot do, as a configuration that asks for it. Everything else is in the other tests of this folder. */
const refused: readonly [entry: string, option: string, config: Partial<ClientConfig>][] = [
  ['node:https', '`http2`', { http2: true }],
  ['fetch', '`http2`', { http2: true }],
  ['fetch', '`tls.ca`', { tls: { ca: '-----BEGIN CERTIFICATE-----' } }],
  ['fetch', '`tls.clientCertificate`', { tls: { clientCertificate: { cert: 'cert', key: 'hush' } } }],
  ['fetch', '`tls.serverName`', { tls: { serverName: 'kubernetes' } }],
  ['fetch', '`tls.insecureSkipVerify`', { tls: { insecureSkipVerify: true } }],
  ['fetch', '`proxy`', { proxy: 'http://user:hush@proxy:3128' }],
  ['fetch', '`timeouts.connectMs`', { timeouts: { connectMs: 1000 } }],
  ['fetch', '`impersonate.groups`', { impersonate: { user: 'jane', groups: ['a', 'b'] } }],
  ['fetch', '`impersonate.extra`', { impersonate: { user: 'jane', extra: { scopes: ['a', 'b'] } } }],
]

/** What is known only when it is asked for. */
const refusedCalls: readonly [option: string, config: Partial<ClientConfig>, call: (client: Client) => unknown][] = [
  // With a token: a certificate alone would have no effect over plain http, which is refused whoever carries it.
  [
    '`credentials`',
    { credentials: async () => ({ token: 'hush', clientCertificate: { cert: 'cert', key: 'hush' } }) },
    version,
  ],
  ['`impersonate.groups`', {}, (client) => version(client.with({ impersonate: { user: 'jane', groups: ['a', 'b'] } }))],
  ['WebSocket', {}, (client) => client.upgrade({ path: '/exec', protocols: ['v5.channel.k8s.io'] })],
]

function version(client: Client): Promise<unknown> {
  return client.version()
}

const createClient = (name: string, config: Partial<ClientConfig>): Client => {
  const entry = entries.find((each) => each.name === name)
  if (entry === undefined) throw new Error(`no entry is called ${name}`)
  return entry.createClient({ server: 'https://k8s.test', ...config })
}

describe('what an entry cannot do is refused by name, with the entry that can:', () => {
  it.each(refused)('%s: %s', async (entry, option, config) => {
    const error = await kubeError('KUBE_CONFIG', () => createClient(entry, config))
    expect(error.message).toContain(option)
    expect(error.message).toContain('@kubeclient/core')
    expect(logged(error)).not.toContain('hush')
    await createClient('undici', config).close()
  })

  describe('fetch, at the call:', () => {
    const api = useServer()

    it.each(refusedCalls)('%s', async (option, config, call) => {
      const client = createClient('fetch', { ...config, server: api.url })
      const error = await kubeError('KUBE_CONFIG', async () => call(client))
      expect(error.message).toContain(option)
      expect(error.message).toContain('@kubeclient/core')
      expect(logged(error)).not.toContain('hush')
      expect(api.connections).toBe(0)
      await client.close()
    })
  })
})
