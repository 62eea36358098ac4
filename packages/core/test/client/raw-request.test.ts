import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, createClient, type RequestOptions } from '../../src/index.ts'
import { caught, kubeError, logged } from '../support/caught.ts'
import { failure, json, text, useServer } from '../support/scripted-server.ts'

const api = useServer()
let client: Client
beforeEach(() => {
  client = createClient({ server: `${api.url}/k8s/c-1/`, retry: false, credentials: { token: 'hush-3N' } })
})
afterEach(() => client.close())

const read = async (): ReturnType<Client['request']> => client.request({ path: '/x' })

describe('a raw request', () => {
  it('goes to its path below the prefix, with query, headers and credentials', async () => {
    api.reply('GET /k8s/c-1/metrics?a=1&b=x&b=y', text('up 1'))
    const query = { a: 1, b: ['x', 'y'], c: undefined }
    const response = await client.request({ path: '/metrics', query, headers: { accept: 'text/plain' } })
    await expect(response.text()).resolves.toBe('up 1')
    expect(api.requests[0]?.headers).toMatchObject({ authorization: 'Bearer hush-3N', accept: 'text/plain' })
  })

  it('may bring its query in its path', async () => {
    api.reply('GET /k8s/c-1/x?command=hush&a=%2F&b=c', failure(500, 'InternalError'))
    const error = await kubeError('KUBE_API', client.request({ path: '/x?command=hush&a=%2F', query: { b: 'c' } }))
    expect(logged(error)).not.toContain('hush')
  })

  it.each<[string, RequestOptions['body'], string | undefined, string, string]>([
    ['an object as JSON', { a: [1] }, undefined, '{"a":[1]}', 'application/json'],
    ['an array as JSON', [1], undefined, '[1]', 'application/json'],
    ['a string as it is', 'a: b', 'application/yaml', 'a: b', 'application/yaml'],
    ['an empty string', '', undefined, '', 'application/json'],
    ['bytes as they are', new TextEncoder().encode('ä'), 'application/octet-stream', 'ä', 'application/octet-stream'],
  ])('sends %s', async (_, body, contentType, sent, type) => {
    api.reply('POST /k8s/c-1/x', json({}))
    await client.request({ method: 'POST', path: '/x', body, contentType })
    expect(api.requests[0]?.body).toBe(sent)
    expect(api.requests[0]?.headers['content-type']).toBe(type)
  })

  it('reads text, JSON or bytes', async () => {
    api.always('GET /k8s/c-1/x', text('{"a":"ä"}'))
    await expect((await read()).text()).resolves.toBe('{"a":"ä"}')
    await expect((await read()).json()).resolves.toEqual({ a: 'ä' })
    await expect((await read()).bytes()).resolves.toEqual(Buffer.from('{"a":"ä"}'))
    const chunks = await Array.fromAsync((await read()).body)
    expect(Buffer.concat(chunks).toString()).toBe('{"a":"ä"}')
  })

  it('that is not JSON is a ProtocolError of json()', async () => {
    api.reply('GET /k8s/c-1/x', text('up 1'))
    const response = await client.request({ path: '/x' })
    expect(await caught(response.json())).toMatchObject({ code: 'KUBE_PROTOCOL' })
  })

  it.each([400, 404, 500, 302])('a %d is an ApiError', async (status) => {
    api.reply('GET /k8s/c-1/x', text('no', { status }))
    expect(await caught(client.request({ path: '/x' }))).toMatchObject({ code: 'KUBE_API', status })
  })

  it.each(['', 'x', '//evil.test/x', 'https://evil.test/x', '/a b', '/a#b', '/a\nb', '/ä', '/\ud800', undefined, 7])(
    'a path %j is refused',
    async (path) => {
      const wrong = path as string // what a program without types can pass
      expect(await caught(client.request({ path: wrong }))).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
      expect(api.requests).toEqual([])
    },
  )

  it.each([
    ['a name that is none', { 'x y': '1' }],
    ['a line break in a value', { 'x-a': '1\r\nx-evil: hush-value' }],
    ['a zero byte in a value', { 'x-a': 'hush-value\0' }],
  ])('a header with %s is refused, without its value', async (_, headers) => {
    const error = await caught(client.request({ path: '/x', headers }))
    expect(error).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
    expect(logged(error)).not.toContain('hush-value')
    expect(api.requests).toEqual([])
  })

  it('header names count in any case', async () => {
    api.reply('POST /k8s/c-1/x', json({}))
    const headers = { Authorization: 'Bearer own', 'Content-Type': 'text/plain', ACCEPT: 'text/plain' }
    await client.request({ method: 'POST', path: '/x', body: 'x', headers })
    const lines = api.requests[0]?.lines.map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    expect(lines?.filter((line) => /^(authorization|content-type|accept):/.test(line)).toSorted()).toEqual([
      'accept: text/plain',
      'authorization: Bearer own',
      'content-type: text/plain',
    ])
  })
})

describe('the method of a raw request', () => {
  it('is sent in capitals, as servers compare them', async () => {
    api.reply('PATCH /k8s/c-1/x', json({}))
    await client.request({ path: '/x', method: 'patch' })
    expect(api.requests).toHaveLength(1)
  })

  it.each(['', 'GE T', 'GET\r\nx: y', 'GÄT', 'CONNECT', 'TRACE', 7, null])('%j is refused', async (method) => {
    const wrong = method as string // what a program without types can pass
    expect(await caught(client.request({ path: '/x', method: wrong }))).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
    expect(api.requests).toEqual([])
  })
})

const rehearsing = (): Client => client.with({ dryRun: true })

describe('a raw request of a client that rehearses', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'delete'])('is a rehearsal when it is a %s', async (method) => {
    api.reply(`${method.toUpperCase()} /k8s/c-1/x?a=1&dryRun=All`, json({}))
    await rehearsing().request({ path: '/x', method, query: { a: 1 } })
    expect(api.requests).toHaveLength(1)
  })

  it.each(['GET', 'HEAD', 'get'])('is sent as it is when it is a %s', async (method) => {
    api.reply(`${method.toUpperCase()} /k8s/c-1/x`, json({}))
    await rehearsing().request({ path: '/x', method })
    expect(api.requests).toHaveLength(1)
  })

  it('keeps a dryRun of its own, in its query or its path', async () => {
    api.reply('POST /k8s/c-1/x?dryRun=All', json({}), json({}))
    await rehearsing().request({ path: '/x', method: 'POST', query: { dryRun: 'All' } })
    await rehearsing().request({ path: '/x?dryRun=All', method: 'POST' })
    expect(api.requests).toHaveLength(2)
  })
})

describe('a body that is no JSON', () => {
  const circular: Record<string, unknown> = {}
  circular['self'] = circular

  it.each([
    ['a circle', circular],
    ['a bigint', { count: 1n }],
    ['a function', () => undefined],
  ])('%s is refused', async (_, body) => {
    expect(await caught(client.request({ path: '/x', method: 'POST', body }))).toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
    expect(api.requests).toEqual([])
  })
})

describe('a streamed body', () => {
  it('is read while it comes, and break closes the connection', async () => {
    const arrived = api.hold('GET /k8s/c-1/log')
    const opening = client.request({ path: '/log', stream: true })
    const { response, closed } = await arrived
    response.write('one')
    const { body } = await opening
    for await (const chunk of body) {
      expect(Buffer.from(chunk).toString()).toBe('one')
      break
    }
    await closed
  })

  it.each([{}, { timeoutMs: 60_000 }])('ends with the signal, also after its head (%j)', async (more) => {
    const arrived = api.hold('GET /k8s/c-1/log')
    const controller = new AbortController()
    const opening = client.request({ path: '/log', stream: true, signal: controller.signal, ...more })
    const { response, closed } = await arrived
    response.write('one')
    const reading = caught((await opening).text())
    controller.abort('enough')
    await expect(reading).resolves.toBe('enough')
    await closed
  })

  it('ends with timeoutMs, also after its head', async () => {
    const arrived = api.hold('GET /k8s/c-1/log')
    const opening = client.request({ path: '/log', stream: true, timeoutMs: 200 })
    const { response, closed } = await arrived
    response.write('one')
    expect(await caught((await opening).text())).toMatchObject({ code: 'KUBE_TRANSPORT' })
    await closed
  })

  it('that is not wanted is given up by asyncDispose', async () => {
    const arrived = api.hold('GET /k8s/c-1/log')
    const opening = client.request({ path: '/log', stream: true })
    const { response, closed } = await arrived
    response.flushHeaders()
    await (await opening)[Symbol.asyncDispose]()
    await expect(closed).resolves.toBeUndefined()
  })
})

describe('a server with a path prefix', () => {
  it('has it before every path', async () => {
    api.reply('GET /k8s/c-1/version', json({ major: '1', minor: '37' }))
    api.reply('GET /k8s/c-1/api', json({ kind: 'APIVersions', versions: ['v1'] }))
    api.reply('GET /k8s/c-1/apis', json({ kind: 'APIGroupList', groups: [] }))
    api.reply('GET /k8s/c-1/api/v1', json({ resources: [{ name: 'nodes', kind: 'Node', namespaced: false }] }))
    api.reply('GET /k8s/c-1/api/v1/nodes/n1', json({ kind: 'Node' }))
    await expect(client.version()).resolves.toMatchObject({ minor: '37' })
    await expect(client.resource('nodes').get('n1')).resolves.toMatchObject({ kind: 'Node' })
  })
})

describe('proxyUrl', () => {
  it.each<[Parameters<Client['proxyUrl']>, string]>([
    [['nodes', 'n1'], '/nodes/n1/proxy/'],
    [['pods', 'web'], '/namespaces/default/pods/web/proxy/'],
    [['pods', 'web', { port: 80 }], '/namespaces/default/pods/web:80/proxy/'],
    [['services', 'web', { port: 'http', namespace: 'x' }], '/namespaces/x/services/web:http/proxy/'],
    [['services', 'web', { scheme: 'https', port: 443 }], '/namespaces/default/services/https:web:443/proxy/'],
    [['services', 'web', { scheme: 'https' }], '/namespaces/default/services/https:web:/proxy/'],
    [['pods', 'web', { path: '/a/b?c=d' }], '/namespaces/default/pods/web/proxy/a/b?c=d'],
    [['pods', 'web', { path: 'a b' }], '/namespaces/default/pods/web/proxy/a%20b'],
  ])('of %j ends in %s, and holds no credentials', (given, path) => {
    const url = client.proxyUrl(...given)
    expect(url.href).toBe(`${api.url}/k8s/c-1/api/v1${path}`)
    expect(url.href).not.toContain('hush')
  })

  it.each<Parameters<Client['proxyUrl']>>([
    ['pods', ''],
    ['pods', '..'],
    ['pods', 'a/b'],
    ['pods', 'a', { namespace: '..' }],
    ['pods', 'a', { port: '80/x' }],
    ['pods', 'a', { port: '' }],
    ['pods', 'a', { path: '../../../secrets' }],
    ['pods', 'a', { path: 'x/../../y' }],
    ['pods', 'a', { path: '%2e%2e/%2E./x' }],
    ['pods', 'a', { path: String.raw`..\..\x` }],
    ['pods', 'a', { path: '.\t./x' }],
  ])('of %j would address something else, and is refused', async (...given) => {
    expect(await caught(() => client.proxyUrl(...given))).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
  })
})
