import { describe, expect, it } from 'vitest'
import type { ApiWarning, KubeRequest, KubeResponse, Middleware } from '../../src/spec/index.ts'
import { encodeTarget } from '../../src/transport/encode-target.ts'
import { requestSummary } from '../../src/transport/request-summary.ts'
import { retryAfterSeconds } from '../../src/transport/retry-after.ts'
import { userAgent } from '../../src/transport/user-agent.ts'
import { parseWarnings, reportWarnings } from '../../src/transport/warnings.ts'
import { version } from '../../src/version.ts'
import { get } from '../support/transports.ts'

const empty: KubeResponse['body'] = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: null }) }),
}

function answering(headers: KubeResponse['headers']): () => Promise<KubeResponse> {
  return async () => ({ status: 200, headers, body: empty, cancel: () => undefined })
}

/** What a middleware passes on. */
async function through(layer: Middleware, request: KubeRequest): Promise<KubeRequest> {
  let passed = request
  await layer(request, (next) => {
    passed = next
    return answering({})()
  })
  return passed
}

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['0', 0],
    ['120', 120],
    [' 5 ', 5],
    [['3', '4'], 3],
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90],
    ['Thu, 01 Jan 2026 00:00:00 GMT', 0],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    [[], undefined],
  ])('%j is %s', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds)
  })
})

describe('Warning', () => {
  it.each([
    ['299 - "a is deprecated"', [['-', 'a is deprecated']]],
    [String.raw`299 - "say \"hi\" \\ there"`, [['-', String.raw`say "hi" \ there`]]],
    [
      '299 kube "one", 299 - "two, with a comma"',
      [
        ['kube', 'one'],
        ['-', 'two, with a comma'],
      ],
    ],
    ['199 - "other", 299 - "ours"', [['-', 'ours']]],
    ['299 - "dated" "Wed, 21 Oct 2015 07:28:00 GMT"', [['-', 'dated']]],
    ['299 - unquoted', []],
    ['299 - "open', []],
    ['', []],
  ])('%j says %j', (header, warnings) => {
    expect(parseWarnings(header).map(({ agent, text }) => [agent, text])).toEqual(warnings)
  })

  it('is reported once for each text, with the request that it was said to', async () => {
    const told: ApiWarning[] = []
    const layer = reportWarnings(new URL('https://k8s.test'), (warning) => told.push(warning))
    const first = { warning: ['299 - "one"', '299 - "two"'] }
    for (const headers of [first, { warning: '299 - "one"' }, {}, { warning: '299 - "three"' }]) {
      await layer(get('/a', { query: [['x', 'y']] }), answering(headers))
    }
    const request = { method: 'GET', url: 'https://k8s.test/a' }
    expect(told).toEqual(['one', 'two', 'three'].map((words) => ({ code: 299, agent: '-', text: words, request })))
  })

  it('texts without end do not fill memory: some are told again', async () => {
    let told = 0
    const layer = reportWarnings(new URL('https://k8s.test'), () => void (told += 1))
    for (let count = 0; count < 1001; count += 1) await layer(get('/a'), answering({ warning: `299 - "${count}"` }))
    await layer(get('/a'), answering({ warning: '299 - "0"' }))
    expect(told).toBe(1002)
  })
})

describe('User-Agent', () => {
  it.each([
    [undefined, {}, `kubeclient-js/${version}`],
    ['app/1.0', {}, `app/1.0 kubeclient-js/${version}`],
    ['app/1.0', { 'user-agent': 'own' }, 'own'],
  ])('with the product %s and the headers %j is %s', async (product, headers, wanted) => {
    expect((await through(userAgent(product), get('/a', { headers }))).headers['user-agent']).toBe(wanted)
  })
})

describe('targets', () => {
  it.each([
    [[], '/a'],
    [[['x', '1']], '/a?x=1'],
    [
      [
        ['labelSelector', 'a in (b,c),d!=e'],
        ['labelSelector', ''],
      ],
      '/a?labelSelector=a%20in%20(b%2Cc)%2Cd!%3De&labelSelector=',
    ],
    [[['a&b=c#', '/?:@+ ä😀']], '/a?a%26b%3Dc%23=%2F%3F%3A%40%2B%20%C3%A4%F0%9F%98%80'],
  ] satisfies [[string, string][], string][])('%j is %s', (query, target) => {
    expect(encodeTarget({ path: '/a', query })).toBe(target)
    const { searchParams } = new URL(target, 'https://k8s.test')
    expect([...searchParams]).toEqual(query)
  })
})

describe('summaries', () => {
  it.each([
    ['/k8s/c-1/api/v1/nodes', 'https://k8s.test:6443/k8s/c-1/api/v1/nodes'],
    ['/api/v1/pods/x/exec?command=hush', 'https://k8s.test:6443/api/v1/pods/x/exec'],
  ])('of %s have no query', (path, url) => {
    expect(requestSummary(new URL('https://k8s.test:6443/k8s/c-1'), { method: 'GET', path })).toEqual({
      method: 'GET',
      url,
    })
  })
})
