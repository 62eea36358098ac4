import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, type ClientConfig, createClient, type ResourceClient } from '../../src/index.ts'
import { kubeError } from '../support/caught.ts'
import { Pod } from '../support/kinds.ts'
import { useServer } from '../support/scripted-server.ts'

// What a program without types can pass: taken for nothing, it would be another call than was meant.

const api = useServer()
let client: Client
beforeEach(() => {
  client = createClient({ server: api.url, retry: false })
})
afterEach(() => client.close())

type Untyped = Record<Exclude<keyof ResourceClient<object>, symbol | number>, (...given: unknown[]) => unknown>
const pods = (): Untyped => client.resource(Pod) as unknown as Untyped
const pod = { metadata: { name: 'web' } }

async function next(events: unknown): Promise<unknown> {
  return (events as AsyncIterable<unknown>)[Symbol.asyncIterator]().next()
}

describe('a namespace where the options belong is refused', () => {
  it.each<[string, () => unknown]>([
    ['get', () => pods().get('web', 'team-a')],
    ['list', () => pods().list('team-a')],
    ['create', () => pods().create(pod, 'team-a')],
    ['patch', () => pods().patch('web', { merge: {} }, 'team-a')],
    ['delete', () => pods().delete('web', 'team-a')],
    ['watch', () => next(pods().watch('team-a'))],
    ['pages', () => next(pods().pages('team-a'))],
    ['items', () => next(pods().items('team-a'))],
    ['resource', () => client.resource(Pod, 'team-a' as never)],
    ['request', () => client.request('/version' as never)],
    ['request of nothing', () => client.request(undefined as never)],
    ['with', () => client.with('team-a' as never)],
    ['with of nothing', () => client.with(undefined as never)],
    ['get of null', () => pods().get('web', null)],
  ])('by %s', async (_, call) => {
    const { message } = await kubeError('KUBE_INVALID_REQUEST', call)
    expect(message).toContain('an object')
    expect(api.requests).toEqual([])
  })
})

describe('a dryRun that is no boolean is refused, as it would be no rehearsal', () => {
  it.each<[string, () => unknown]>([
    ['create', () => pods().create(pod, { dryRun: 'All' })],
    ['apply', () => pods().apply(pod, { dryRun: 'All' })],
    ['delete', () => pods().delete('web', { dryRun: 'All' })],
    ['deleteCollection', () => pods().deleteCollection({ all: true, dryRun: ['All'] })],
    ['with', () => client.with({ dryRun: 'All' } as never)],
  ])('by %s', async (_, call) => {
    const { message } = await kubeError('KUBE_INVALID_REQUEST', call)
    expect(message).toContain('`dryRun`')
    expect(api.requests).toEqual([])
  })
})

describe('what selects nothing is refused, as it would select everything', () => {
  it.each<[string, unknown]>([
    ['labelSelector', { app: 'web' }],
    ['labelSelector', ['app=web']],
    ['labelSelector', 7],
    ['labelSelector', null],
    ['fieldSelector', { 'status.phase': 'Running' }],
    ['fieldSelector', null],
  ])('as %s: %j', async (name, selector) => {
    for (const call of ['list', 'deleteCollection'] as const) {
      const { message } = await kubeError('KUBE_INVALID_REQUEST', () => pods()[call]({ [name]: selector }))
      expect(message.toLowerCase()).toMatch(/label ?selector|fieldselector/)
    }
    expect(api.requests).toEqual([])
  })
})

describe('is refused by name, before anything is sent', () => {
  it.each<[string, RegExp, () => unknown]>([
    ['an AbortController', /`signal`.*controller\.signal/, () => pods().get('web', { signal: new AbortController() })],
    ['a signal that is text', /`signal`/, () => pods().get('web', { signal: 'now' })],
    ['a query parameter null', /"a"/, () => client.request({ path: '/x', query: { a: null as never } })],
    [
      'a content type of two lines',
      /content-type/,
      () => client.request({ path: '/x', contentType: 'a\r\nb: c', body: '' }),
    ],
    ['a pageSize of 0', /`pageSize`/, () => next(pods().pages({ pageSize: 0 }))],
    ['an empty namespace, which is all of them elsewhere', /`allNamespaces`/, () => pods().list({ namespace: '' })],
    ['a kind as URLs have it', /"deployments\.apps"/, () => client.resource('apps/v1/deployments')],
    ['a subresource as URLs have it', /subresource\("log"\)/, () => client.resource('pods/log')],
    ['an unknown onExpired', /`onExpired`/, () => next(pods().pages({ onExpired: 'ignore' }))],
    ['an upgrade without protocols', /protocols/, () => client.upgrade({ path: '/x' } as never)],
    ['a proxy to another kind', /"pod"/, () => client.proxyUrl('pod' as never, 'web')],
    ['OpenAPI of nothing', /group version/, () => client.discovery.openApi(undefined as never)],
  ])('%s', async (_, words, call) => {
    const { message } = await kubeError('KUBE_INVALID_REQUEST', call)
    expect(message).toMatch(words)
    expect(api.requests).toEqual([])
  })
})

describe('createClient refuses by name what would be something else in silence', () => {
  it.each<[string, unknown]>([
    ['tls.insecureSkipVerify', { tls: { insecureSkipVerify: 'false' } }],
    ['tls.serverName', { tls: { serverName: 7 } }],
    ['tls', { tls: 'off' }],
    ['tls', { tls: null }],
    ['allowInsecureCredentials', { allowInsecureCredentials: 'false' }],
    ['http2', { http2: 'false' }],
    ['timeouts', { timeouts: 5000 }],
    ['timeouts', { timeouts: null }],
    ['timeouts.responseMs', { timeouts: { responseMs: '5000' } }],
    ['retry', { retry: 5 }],
    ['retry', { retry: true }],
    ['retry', { retry: null }],
    ['maxRedirects', { maxRedirects: '2' }],
    ['middleware', { middleware: () => undefined }],
    ['middleware', { middleware: null }],
    ['fieldManager', { fieldManager: 7 }],
    ['fieldManager', { fieldManager: '' }],
    ['userAgent', { userAgent: 7 }],
    ['onWarning', { onWarning: 'print' }],
    ['discoveryCache.get', { discoveryCache: {} }],
    ['transport', { transport: {} }],
    ['impersonate', { impersonate: 'alice' }],
    ['impersonate', { impersonate: null }],
    ['credentials.getCredentials', { credentials: { name: 'mine', getCredentials: 'hush-3N' } }],
    ['credentials.name', { credentials: { getCredentials: async () => ({ token: 'hush-3N' }) } }],
  ])('%s: %j', async (name, config) => {
    const error = await kubeError('KUBE_CONFIG', () =>
      createClient({ ...(config as ClientConfig), server: 'https://k8s.test' }),
    )
    expect(error.message).toContain(`\`${name}\``)
    expect(error.message).not.toContain('hush-3N')
  })
})
