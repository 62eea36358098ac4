import { describe, expect, it } from 'vitest'
import { credentialFetcher } from '../../src/transport/credential-fetch.ts'
import { undiciTransport } from '../../src/transport/undici-transport.ts'
import { caught, logged } from '../support/caught.ts'
import { text, useServer } from '../support/scripted-server.ts'

const api = useServer()
const { fetch } = credentialFetcher({
  factory: undiciTransport,
  proxyFor: () => undefined,
  timeouts: { connectMs: 30_000, responseMs: 70_000 },
})

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

  it('takes a Request as a fetch does', async () => {
    api.reply('POST /token', text('yes'))
    const response = await fetch(new Request(`${api.url}/token`, { method: 'POST', body: 'a' }))
    await expect(response.text()).resolves.toBe('yes')
    expect(api.requests[0]?.body).toBe('a')
  })
})
