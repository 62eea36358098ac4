import { describe, expect, it } from 'vitest'
import { type CredentialFetcher, credentialFetcher } from '../../src/transport/credential-fetch.ts'
import { undiciTransport } from '../../src/transport/undici-transport.ts'
import { caught, kubeError, logged } from '../support/caught.ts'
import { text, useServer } from '../support/scripted-server.ts'

const api = useServer()
const fetcherOf = (): CredentialFetcher =>
  credentialFetcher({
    factory: undiciTransport,
    proxyFor: () => undefined,
    timeouts: { connectMs: 30_000, responseMs: 70_000 },
  })
const { fetch } = fetcherOf()

describe('the fetch of credential providers', () => {
  it("names a redirect that is not wanted without the query, where another's token may be", async () => {
    api.reply('GET /token?refresh=hush-3N', text('', { status: 302, headers: { location: '/other?code=hush-3N' } }))
    const error = await caught(fetch(`${api.url}/token?refresh=hush-3N#hush-3N`, { redirect: 'error' }))
    expect(String(error)).toBe(`TypeError: ${api.url}/token redirects`)
    expect(logged(error)).not.toContain('hush-3N')
  })

  it.each(['https://me:hush-3N@127.0.0.1/token', 'https://127.0.0.1:99999/token?refresh=hush-3N', 'hush-3N'])(
    'does not quote what it cannot fetch: %s',
    async (url) => {
      const error = await caught(fetch(url))
      expect(error).toBeInstanceOf(TypeError)
      expect(logged(error)).not.toContain('hush-3N')
    },
  )

  it('opens nothing after close, not even where a redirect leads that was under way', async () => {
    const fetcher = fetcherOf()
    api.reply('GET /token', text('yes'))
    await fetcher.fetch(`${api.url}/token`)
    await fetcher.close(new Error('the client was closed'))
    for (const path of ['token', 'other?code=hush-3N']) {
      const error = await kubeError('KUBE_TRANSPORT', fetcher.fetch(`${api.url}/${path}`))
      expect(error.message).toContain('the client was closed')
      expect(logged(error)).not.toContain('hush-3N')
    }
    expect([api.connections, api.requests.length]).toEqual([1, 1])
  })

  it('is ended by close, also over connections that others have replaced', async () => {
    const fetcher = fetcherOf()
    const arrived = api.hold('GET /token')
    const failing = kubeError('KUBE_TRANSPORT', fetcher.fetch(`${api.url}/token`))
    const { closed } = await arrived
    api.always('GET /a', text('yes'))
    for (let count = 0; count < 10; count += 1) await fetcher.fetch(`${api.url}/a`, { tls: { ca: `CA ${count}` } })
    await fetcher.close(new Error('the client was closed'))
    expect((await failing).message).toContain('the client was closed')
    await closed
  })

  it('takes a Request as a fetch does', async () => {
    api.reply('POST /token', text('yes'))
    const response = await fetch(new Request(`${api.url}/token`, { method: 'POST', body: 'a' }))
    await expect(response.text()).resolves.toBe('yes')
    expect(api.requests[0]?.body).toBe('a')
  })
})
