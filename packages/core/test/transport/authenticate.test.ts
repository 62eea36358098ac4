import { describe, expect, it } from 'vitest'
import type { Credentials, KubeRequest, KubeResponse } from '../../src/spec/index.ts'
import { authenticate } from '../../src/transport/authenticate.ts'
import { CredentialCache } from '../../src/transport/cache-credentials.ts'
import { SentSecrets, track } from '../../src/transport/sent-secrets.ts'
import { caught } from '../support/caught.ts'
import { get } from '../support/transports.ts'

const empty: KubeResponse['body'] = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: null }) }),
}

interface Sent {
  authorization: unknown
  credentials: Credentials | undefined
}

/** A server that accepts one Authorization header, behind a provider that gives these credentials in turn. */
function rig(given: readonly Credentials[], accepted: string) {
  const sent: Sent[] = []
  const asked: string[] = []
  let cancelled = 0
  const cache = new CredentialCache(
    {
      name: 'test',
      async getCredentials({ reason }) {
        asked.push(reason)
        const next = given[Math.min(asked.length, given.length) - 1]
        if (next === undefined) throw new Error('none left')
        return next
      },
    },
    { now: () => 0, fetch: () => Promise.reject(new Error('no network here')) },
  )
  const send = async ({ headers }: KubeRequest, credentials: Credentials | undefined): Promise<KubeResponse> => {
    const { authorization } = headers
    sent.push({ authorization, credentials })
    const status = authorization === accepted ? 200 : 401
    return { status, headers: {}, body: empty, cancel: () => void (cancelled += 1) }
  }
  return { handler: authenticate(cache, send), sent, asked, cancelled: () => cancelled }
}

describe('authentication', () => {
  it.each<[string, Credentials, string | undefined]>([
    ['a token', { token: 'abc' }, 'Bearer abc'],
    [
      'basic auth, in UTF-8',
      { basic: { username: 'ü', password: 'p:ä' } },
      `Basic ${Buffer.from('ü:p:ä').toString('base64')}`,
    ],
    ['a certificate only', { clientCertificate: { cert: 'c', key: 'k' } }, undefined],
    ['a certificate and a token', { token: 'abc', clientCertificate: { cert: 'c', key: 'k' } }, 'Bearer abc'],
  ])('adds %s', async (_, credentials, authorization) => {
    const { handler, sent } = rig([credentials], authorization ?? '')
    await handler(get('/a'))
    expect(sent[0]).toEqual({ authorization, credentials })
  })

  it('adds nothing without credentials', async () => {
    const seen: KubeRequest[] = []
    const handler = authenticate(undefined, async (request) => {
      seen.push(request)
      return { status: 401, headers: {}, body: empty, cancel: () => undefined }
    })
    const request = get('/a')
    await expect(handler(request)).resolves.toMatchObject({ status: 401 })
    expect(seen).toEqual([request])
  })

  it("leaves an Authorization header of the caller's own alone, over the connections of the client", async () => {
    const credentials = { token: 'abc', clientCertificate: { cert: 'c', key: 'k' } }
    const { handler, sent } = rig([credentials], 'Bearer own')
    await handler(get('/a', { headers: { authorization: 'Bearer own' } }))
    await handler(get('/a'))
    expect(sent.slice(0, 2)).toEqual([
      { authorization: 'Bearer own', credentials },
      { authorization: 'Bearer abc', credentials },
    ])
  })

  it("renews nothing after the 401 of an Authorization header of the caller's own", async () => {
    const { handler, sent, asked } = rig([{ token: 'abc' }, { token: 'other' }], 'Bearer other')
    const response = await handler(get('/a', { headers: { authorization: 'Bearer own' } }))
    expect(response.status).toBe(401)
    expect(sent).toHaveLength(1)
    expect(asked).toEqual(['initial'])
  })

  it.each<[string, Credentials, Record<string, string>, readonly string[]]>([
    ['of the credentials', { token: 'abc' }, {}, ['abc']],
    ['of a header', { token: 'abc' }, { authorization: 'Bearer own' }, ['own']],
    ['of a header without a scheme', { token: 'abc' }, { authorization: 'own' }, ['own']],
    ['of a Basic header', { token: 'abc' }, { authorization: `Basic ${btoa('u:p:q')}` }, [btoa('u:p:q'), 'p:q']],
    ['of a Basic header that is none', { token: 'abc' }, { authorization: 'Basic =' }, ['=']],
    ['of a certificate: none', { clientCertificate: { cert: 'c', key: 'k' } }, {}, []],
  ])('notes the secrets that a request is sent with: %s', async (_, credentials, headers, secrets) => {
    const { handler } = rig([credentials], 'x')
    const noted = new SentSecrets()
    await handler(track(get('/a', { headers }), noted))
    expect(noted.read()).toEqual(secrets)
  })

  it('replays a 401 once with other credentials, and frees the first response', async () => {
    const { handler, sent, cancelled } = rig([{ token: 'old' }, { token: 'new' }], 'Bearer new')
    await expect(handler(get('/a', { body: 'x' }))).resolves.toMatchObject({ status: 200 })
    expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new'])
    expect(cancelled()).toBe(1)
  })

  it('replays no second time', async () => {
    const { handler, sent } = rig([{ token: 'old' }, { token: 'new' }, { token: 'newer' }], 'Bearer newer')
    await expect(handler(get('/a'))).resolves.toMatchObject({ status: 401 })
    expect(sent).toHaveLength(2)
  })

  it('does not replay with the same credentials, and hands the 401 out as it came', async () => {
    const { handler, sent, cancelled } = rig([{ token: 'old' }], 'Bearer new')
    await expect(handler(get('/a'))).resolves.toMatchObject({ status: 401 })
    expect(sent).toHaveLength(1)
    expect(cancelled()).toBe(0)
  })

  it('100 concurrent 401s: one refresh, one replay each', async () => {
    const { handler, sent, asked } = rig([{ token: 'old' }, { token: 'new' }], 'Bearer new')
    const responses = await Promise.all(Array.from({ length: 100 }, () => handler(get('/a'))))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    expect(asked).toEqual(['initial', 'refused'])
    expect(sent).toHaveLength(200)
  })

  it('a refresh that fails is the error of the call, and frees the response', async () => {
    const { handler, cancelled, asked } = rig([], 'x')
    expect(await caught(handler(get('/a')))).toMatchObject({ code: 'KUBE_CREDENTIALS' })
    expect(asked).toEqual(['initial'])
    expect(cancelled()).toBe(0)
  })
})
