import { connect } from 'node:net'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { startApiServer } from '../../src/index.ts'
import { apiOf, open } from './call-api.ts'

const pods = '/api/v1/namespaces/default/pods'

describe('startApiServer', () => {
  it('is ready, and says its version', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)

    expect(await api('GET', '/readyz')).toMatchObject({ status: 200, text: 'ok' })
    expect((await api('GET', '/version')).json).toMatchObject({ major: '1', minor: '37' })
  })

  it('answers 401 to anybody without its token', async () => {
    await using server = await startApiServer()

    for (const credentials of [undefined, { token: 'wrong' }]) {
      const answer = await apiOf({ ...server.config, credentials })('GET', pods)
      expect(answer.json).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Unauthorized',
        reason: 'Unauthorized',
        code: 401,
      })
    }
  })

  it('serves https with a CA that is its own', async () => {
    await using server = await startApiServer({ tls: true })
    await using other = await startApiServer({ tls: true })

    expect(server.url.protocol).toBe('https:')
    expect((await apiOf(server.config)('GET', '/readyz')).text).toBe('ok')
    await expect(apiOf({ ...server.config, tls: other.config.tls })('GET', '/readyz')).rejects.toThrow(/certificate/)
  })

  it('describes itself to kubectl', async () => {
    await using server = await startApiServer({ tls: true })

    const kubeconfig = JSON.parse(server.kubeconfig)

    expect(kubeconfig).toMatchObject({
      kind: 'Config',
      'current-context': 'in-memory',
      clusters: [{ name: 'in-memory', cluster: { server: server.url.origin } }],
      users: [{ user: server.config.credentials }],
    })
    const ca = Buffer.from(kubeconfig.clusters[0].cluster['certificate-authority-data'], 'base64').toString()
    expect(ca).toBe(server.config.tls?.ca)
  })

  it('has objects from the start, with their status and their namespaces', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'made' },
      spec: {},
      status: { phase: 'Running' },
    }
    await using server = await startApiServer({ objects: [pod] })
    const api = apiOf(server.config)

    expect((await api('GET', '/api/v1/namespaces/made/pods/p')).json).toMatchObject({ status: { phase: 'Running' } })
    expect((await api('GET', '/api/v1/namespaces/made')).json).toMatchObject({ status: { phase: 'Active' } })
  })

  it('takes a namespace that a new cluster has, or that an object before it implies', async () => {
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'made' } }
    const namespaces = ['default', 'made'].map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { team: 'a' } },
    }))
    await using server = await startApiServer({ objects: [configMap, ...namespaces] })
    const api = apiOf(server.config)

    for (const name of ['default', 'made']) {
      const { json } = await api('GET', `/api/v1/namespaces/${name}`)
      expect(json).toMatchObject({ metadata: { labels: { team: 'a' } }, status: { phase: 'Active' } })
    }
    expect((await api('GET', '/api/v1/namespaces/made/configmaps/c')).status).toBe(200)
    expect((await api('GET', '/api/v1/namespaces/kube-system')).status).toBe(200)
  })

  it('keeps the uid and the age of what it is given, so that owners are found', async () => {
    const identity = { uid: 'u-1', creationTimestamp: '2020-01-01T00:00:00Z' }
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner', ...identity } }
    const list = { apiVersion: 'v1', kind: 'List', metadata: {}, items: [owner] }
    await using server = await startApiServer({ objects: [list] })
    const { json } = await apiOf(server.config)('GET', '/api/v1/namespaces/default/configmaps/owner')
    expect(json).toMatchObject({ metadata: identity })
  })

  it.each([
    ['metadata', { apiVersion: 'v1', kind: 'ConfigMap' }],
    ['apiVersion', {}],
    ['apiVersion', null],
  ])('names the %s that an object lacks, and which object', async (field, object) => {
    const objects = [object as never] // what a program without types can give
    await expect(startApiServer({ objects })).rejects.toMatchObject({
      code: 'KUBE_CONFIG',
      message: `The object at index 0 of \`objects\` has no ${field}`,
    })
  })

  it('refuses the same namespace twice', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } }

    await expect(startApiServer({ objects: [namespace, namespace] })).rejects.toMatchObject({
      code: 'KUBE_CONFIG',
      message: expect.stringContaining('already exists'),
    })
  })

  it('refuses objects of kinds that it does not know', async () => {
    const object = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }

    await expect(startApiServer({ objects: [object] })).rejects.toMatchObject({
      code: 'KUBE_CONFIG',
      message: expect.stringContaining('customResources'),
    })
  })

  it('refuses an object that the API server would refuse', async () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'Bad_Name' } }

    await expect(startApiServer({ objects: [object] })).rejects.toMatchObject({
      code: 'KUBE_CONFIG',
      message: expect.stringContaining('RFC 1123'),
    })
  })

  it('remembers what it was asked, without the credentials', async () => {
    await using server = await startApiServer()
    const body = { metadata: { name: 'a' } }
    await apiOf(server.config)('POST', '/api/v1/namespaces/default/configmaps?dryRun=All', { body })
    await apiOf({ ...server.config, credentials: { token: 'wrong' } })('GET', pods)
    await apiOf(server.config)('GET', pods, { headers: { cookie: 'session=also-wrong; theme=dark' } })

    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/api/v1/namespaces/default/configmaps',
        query: { dryRun: 'All' },
        headers: { authorization: 'Bearer ***', 'content-type': 'application/json' },
        body,
      },
      { method: 'GET', path: pods, body: undefined },
      { method: 'GET', path: pods, headers: { cookie: '***' } },
    ])
    expect(JSON.stringify(server.requests)).not.toContain('wrong')
  })

  it('counts connections', async () => {
    await using server = await startApiServer()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let count = 0; count < 3; count += 1) {
      const sent = request(new URL('/readyz', server.url), { agent }).end()
      const [response] = await once(sent, 'response')
      await text(response)
    }
    agent.destroy()

    expect(server.connections).toBe(1)
    await apiOf(server.config)('GET', '/readyz')
    expect(server.connections).toBe(2)
  })

  it('ends open watches and frees its port when it stops', async () => {
    const server = await startApiServer()
    const watch = await open(server.config, 'GET', `${pods}?watch=1`)

    await server.stop()

    await expect(text(watch)).resolves.toBe('')
    const socket = connect(Number(server.url.port), '127.0.0.1')
    await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await server.stop()
  })
})

describe('what a client may send', () => {
  it('is at most 3 MiB', async () => {
    await using server = await startApiServer()
    const body = JSON.stringify({ metadata: { name: 'big' }, data: { x: 'a'.repeat(3 * 1024 * 1024) } })

    const answer = await apiOf(server.config)('POST', '/api/v1/namespaces/default/configmaps', { body })

    expect(answer.json).toMatchObject({
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: limit is 3145728',
      code: 413,
    })
  })

  it.each(['{bad', '[]', '"x"', ''])('is a JSON object: %j is 400', async (body) => {
    await using server = await startApiServer()

    const answer = await apiOf(server.config)('POST', '/api/v1/namespaces/default/configmaps', { body })

    expect(answer.json).toMatchObject({ reason: 'BadRequest', code: 400 })
  })

  it('is not nested without end', async () => {
    await using server = await startApiServer()
    const body = `{"metadata":{"name":"deep"},"data":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`

    const answer = await apiOf(server.config)('POST', '/api/v1/namespaces/default/configmaps', { body })

    expect(answer.json).toMatchObject({ code: 400, message: expect.stringContaining('exceeded max depth') })
  })

  it('is JSON: YAML is 501, and what no server reads 415', async () => {
    await using server = await startApiServer()
    const send = (type: string) =>
      apiOf(server.config)('POST', '/api/v1/namespaces/default/configmaps', {
        body: 'x',
        headers: { 'content-type': type },
      })

    expect((await send('application/yaml')).status).toBe(501)
    expect((await send('text/plain')).json).toMatchObject({ reason: 'UnsupportedMediaType', code: 415 })
  })
})
