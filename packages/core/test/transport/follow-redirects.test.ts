import { describe, expect, it } from 'vitest'
import type { KubeRequest, KubeResponse } from '../../src/spec/request.ts'
import { followRedirects } from '../../src/transport/follow-redirects.ts'

const server = new URL('https://api.example/k8s')
const headers = {
  accept: 'application/json',
  'user-agent': 'u',
  authorization: 'Bearer s3cret',
  'impersonate-user': 'jane',
  cookie: 'c',
  'x-mine': '1',
}

function chain(answers: readonly (readonly [status: number, location?: string | undefined])[], maxRedirects = 10) {
  const sent: { where: string; request: KubeRequest }[] = []
  let cancelled = 0
  const answer = (where: string, request: KubeRequest): Promise<KubeResponse> => {
    const [status, location] = answers[sent.length] ?? [200]
    sent.push({ where, request })
    const body: AsyncIterable<Uint8Array> = (async function* () {})()
    return Promise.resolve({ status, headers: { location }, body, cancel: () => (cancelled += 1) })
  }
  const layer = followRedirects({
    server,
    maxRedirects,
    elsewhere: (origin, request) => answer(origin.origin, request),
  })
  const send = (request: Partial<KubeRequest> = {}): Promise<KubeResponse> =>
    layer({ method: 'GET', path: '/k8s/api', query: [], headers, kind: 'unary', ...request }, (hop) =>
      answer('same', hop),
    )
  return { send, sent, cancelled: () => cancelled }
}

describe('followRedirects', () => {
  it.each([301, 302, 303, 307, 308])('follows a %s of a read within the origin, with all headers', async (status) => {
    const { send, sent, cancelled } = chain([[status, '/k8s/api/?a=b%20c']])
    expect((await send()).status).toBe(200)
    expect(sent[1]).toMatchObject({ where: 'same', request: { path: '/k8s/api/', query: [['a', 'b c']], headers } })
    expect(cancelled()).toBe(1)
  })

  it('resolves a relative location against the path', async () => {
    const { send, sent } = chain([[302, 'v1']])
    await send()
    expect(sent[1]?.request.path).toBe('/k8s/v1')
  })

  it.each([307, 308])('repeats a write after %s within the origin, with method and body', async (status) => {
    const { send, sent } = chain([[status, '/other']])
    await send({ method: 'POST', body: '{}' })
    expect(sent[1]?.request).toMatchObject({ method: 'POST', body: '{}', path: '/other' })
  })

  it.each([301, 302, 303])('does not turn a write into a read: a %s is its answer', async (status) => {
    const { send, sent } = chain([[status, '/other']])
    expect((await send({ method: 'POST' })).status).toBe(status)
    expect(sent).toHaveLength(1)
  })

  it('sends another origin neither credentials, nor impersonation, nor any header of the caller', async () => {
    const { send, sent } = chain([[302, 'https://elsewhere.example/x']])
    expect((await send()).status).toBe(200)
    expect(sent[1]?.where).toBe('https://elsewhere.example')
    expect(sent[1]?.request.headers).toEqual({ accept: 'application/json', 'user-agent': 'u' })
  })

  it('treats another port as another origin', async () => {
    const { send, sent } = chain([[307, 'https://api.example:8443/x']])
    await send()
    expect(sent[1]?.request.headers).not.toHaveProperty('authorization')
  })

  it('does not get the credentials back when it leads home again', async () => {
    const { send, sent } = chain([
      [302, 'https://elsewhere.example/x'],
      [302, 'https://api.example/k8s/api'],
    ])
    await send()
    expect(sent[2]?.request.headers).toEqual({ accept: 'application/json', 'user-agent': 'u' })
  })

  it.each([302, 307])('does not send a write to another origin after %s', async (status) => {
    const { send, sent } = chain([[status, 'https://elsewhere.example/x']])
    expect((await send({ method: 'DELETE' })).status).toBe(status)
    expect(sent).toHaveLength(1)
  })

  it('never leaves https for http', async () => {
    const { send, sent } = chain([[302, 'http://api.example/k8s/api']])
    expect((await send()).status).toBe(302)
    expect(sent).toHaveLength(1)
  })

  it('stops after `maxRedirects`', async () => {
    const { send, sent } = chain(
      Array.from({ length: 20 }, () => [302, '/again'] as [number, string]),
      3,
    )
    expect((await send()).status).toBe(302)
    expect(sent).toHaveLength(4)
  })

  it.each([undefined, 'http://[', 'file:///etc/passwd', 'javascript:alert(1)'])(
    'takes a redirect to %s as final',
    async (location) => {
      const { send, sent } = chain([[302, location]])
      expect((await send()).status).toBe(302)
      expect(sent).toHaveLength(1)
    },
  )

  it('does not follow for an upgrade', async () => {
    const { send } = chain([[307, '/other']])
    expect((await send({ kind: 'upgrade' })).status).toBe(307)
  })

  it.each([200, 304, 404])('leaves a %s alone', async (status) => {
    const { send } = chain([[status, '/x']])
    expect((await send()).status).toBe(status)
  })
})
