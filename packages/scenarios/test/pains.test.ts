// What users of other clients have complained of, and what was found wrong with those clients, each with the opposite outcome.
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import {
  type Client,
  type ClientConfig,
  createClient,
  type Impersonation,
  isConflict,
  isForbidden,
  isTooManyRequests,
  type KubeObject,
} from '@kubeclient/core'
import { parseKubeconfig, readKubeconfig } from '@kubeclient/kubeconfig'
import { ConfigMap, Namespace, Pod } from '@kubeclient/resources/core/v1'
import { ClusterRole } from '@kubeclient/resources/rbac/v1'
import { type ApiServer, type ApiServerOptions, startApiServer } from '@kubeclient/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  type Answer,
  events,
  type Exchange,
  failure as status,
  json,
  reset,
  text,
  useServer,
} from '../../core/test/support/scripted-server.ts'
import { allObjects } from '../../../examples/all-entities/all-objects.ts'
import { failure } from '../src/failure.ts'
import { collect } from '../src/take.ts'

const server = useServer()
const elsewhere = useServer()

/** A client of the scripted server, for the length of the test. */
function connect(config: Partial<ClientConfig> = {}): Client {
  const client = createClient({ server: server.url, ...config })
  onTestFinished(() => client.close())
  return client
}

/** An in-memory API server, for the length of the test. */
async function startApi(options?: ApiServerOptions): Promise<ApiServer> {
  const api = await startApiServer(options)
  onTestFinished(() => api.stop())
  return api
}

const pods = '/api/v1/namespaces/default/pods'
const podWatch = `GET ${pods}?watch=true&allowWatchBookmarks=true`
const meta = { namespace: 'default', uid: 'u1', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' }
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', ...meta } }

/** The head of a watch, and what its client does not know yet. */
function begin({ response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
}

/** Answers to one token only. */
function only(token: string, answer: Answer): Answer {
  return (exchange) =>
    exchange.request.headers.authorization === `Bearer ${token}`
      ? answer(exchange)
      : status(401, 'Unauthorized')(exchange)
}

function tooMany(headers: Record<string, string>): Answer {
  return text('too many requests', { status: 429, headers })
}

/** A document of aggregated discovery. */
function groups(...items: object[]): Answer {
  return json(
    { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items },
    { headers: { 'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' } },
  )
}

/** The core group, with these kinds by plural. */
function core(kinds: Record<string, string>): object {
  const resources = Object.entries(kinds).map(([resource, kind]) => ({
    resource,
    responseKind: { group: '', version: '', kind },
    scope: 'Namespaced',
    verbs: ['get', 'list'],
  }))
  return { metadata: { name: '' }, versions: [{ version: 'v1', freshness: 'Current', resources }] }
}

/** A group whose API server is down. */
const stale = { metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1beta1', freshness: 'Stale' }] }

describe('connections', () => {
  it('three hundred calls, one after the other, use one connection', async () => {
    const api = await startApi({ tls: true })
    const maps = connect(api.config).resource(ConfigMap)
    for (let call = 0; call < 300; call += 1) await maps.list()
    expect(api.connections).toBe(1)
  })

  it('a watch that hears nothing for longer than a call may take stays open', async () => {
    const client = connect({ timeouts: { responseMs: 20 } })
    const watching = server.hold(podWatch)
    const first = client.resource(Pod).watch()[Symbol.asyncIterator]().next()
    const watch = await watching
    begin(watch)

    server.always(`GET ${pods}/slow`, () => undefined)
    await failure(client.resource(Pod).get('slow'), 'KUBE_TRANSPORT') // so much time has passed

    watch.response.write(`${JSON.stringify({ type: 'ADDED', object: pod })}\n`)
    expect((await first).value).toEqual({ type: 'ADDED', object: pod })
  })

  it('a read whose connection is reset is asked for again', async () => {
    server.reply(`GET ${pods}/a`, reset(), json(pod))
    expect(await connect().resource(Pod).get('a')).toEqual(pod)
  })

  it('a write whose connection is reset is not, and says that it may have been applied', async () => {
    server.reply(`POST ${pods}?fieldManager=kubeclient`, reset())
    const creating = connect()
      .resource(Pod)
      .create({ spec: { containers: [] } })
    expect(await failure(creating, 'KUBE_TRANSPORT')).toMatchObject({ maybeApplied: true, attempts: 1 })
  })

  it('a path in front of the API is kept', async () => {
    server.reply(`GET /k8s/clusters/c-1${pods}/a`, json(pod))
    const rancher = connect({ server: `${server.url}/k8s/clusters/c-1/` })
    expect(await rancher.resource(Pod).get('a')).toEqual(pod)
  })
})

describe('credentials', () => {
  it('a client of every group goes on by itself when its token has expired', async () => {
    let issued = 0
    const client = connect({ credentials: async () => ({ token: `t${(issued += 1)}` }) })
    const deployments = '/apis/apps/v1/namespaces/default/deployments'
    server.reply(`GET ${pods}/a`, only('t1', json(pod)))
    await client.resource(Pod).get('a')

    server.always(`GET ${pods}/a`, only('t2', json(pod)))
    server.always(`GET ${deployments}/a`, only('t2', json({ metadata: { name: 'a' } })))
    const kind = { apiVersion: 'apps/v1', kind: 'Deployment', resource: 'deployments', namespaced: true }
    await Promise.all([client.resource(Pod).get('a'), client.resource(kind).get('a')])
    expect(issued).toBe(2)
  })

  it('twenty calls at once ask for credentials once', async () => {
    let asked = 0
    const client = connect({ credentials: async () => ({ token: `t${(asked += 1)}` }) })
    server.always(`GET ${pods}/a`, only('t1', json(pod)))
    await Promise.all(Array.from({ length: 20 }, () => client.resource(Pod).get('a')))
    expect(asked).toBe(1)
  })

  it('credentials that cannot be had are an error, and nothing is sent without them', async () => {
    const client = connect({ credentials: () => Promise.reject(new Error('the vault is sealed')) })
    const error = await failure(client.resource(Pod).get('a'), 'KUBE_CREDENTIALS')
    expect(error.message).toContain('the vault is sealed')
    expect(server.requests).toEqual([])
  })

  it('two contexts with token files have a token each, whatever comes first', async () => {
    const apis = [await startApi(), await startApi()]
    const folder = await mkdtemp(join(tmpdir(), 'pains-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const tokens = apis.map(({ config }) => (config.credentials as { token: string }).token) // what startApiServer gives
    await Promise.all(tokens.map((token, index) => writeFile(join(folder, `${index}.token`), `${token}\n`)))
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: apis.map(({ url }, index) => ({ name: `${index}`, cluster: { server: url.origin } })),
      users: apis.map((_, index) => ({ name: `${index}`, user: { tokenFile: `${index}.token` } })),
      contexts: apis.map((_, index) => ({ name: `${index}`, context: { cluster: `${index}`, user: `${index}` } })),
    }
    await writeFile(join(folder, 'config'), JSON.stringify(kubeconfig))
    const loaded = await readKubeconfig(join(folder, 'config'))

    for (const context of ['0', '1', '0']) {
      const client = connect(await loaded.clientConfig({ context }))
      expect((await client.resource(Namespace).list()).items).not.toEqual([])
    }
  })

  it('impersonation sends the user, its uid, each group and each value of an extra as lines of their own', async () => {
    const user = { as: 'alice', 'as-uid': 'u-1', 'as-groups': ['dev', 'ops'], 'as-user-extra': { 'a/B': ['1', '2'] } }
    const kubeconfig = parseKubeconfig({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: server.url } }],
      users: [{ name: 'c', user }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
    })
    const config = await kubeconfig.clientConfig()
    const expected: Impersonation = { user: 'alice', uid: 'u-1', groups: ['dev', 'ops'], extra: { 'a/B': ['1', '2'] } }
    expect(config.impersonate).toEqual(expected)

    server.reply(`GET ${pods}/a`, json(pod))
    await connect(config).resource(Pod).get('a')
    const lines = server.requests[0]?.lines.filter(([name]) => name.startsWith('impersonate-'))
    expect(lines).toEqual([
      ['impersonate-user', 'alice'],
      ['impersonate-uid', 'u-1'],
      ['impersonate-group', 'dev'],
      ['impersonate-group', 'ops'],
      ['impersonate-extra-a%2fb', '1'],
      ['impersonate-extra-a%2fb', '2'],
    ])
  })

  it('a redirect to another server is followed without the token and the impersonation', async () => {
    const move = (path: string): Answer => text('', { status: 302, headers: { location: `${elsewhere.url}${path}` } })
    server.reply(`GET ${pods}/a`, move('/moved'))
    elsewhere.reply('GET /moved', json(pod))
    await connect({ credentials: { token: 't' }, impersonate: { user: 'alice' } })
      .resource(Pod)
      .get('a')
    expect(Object.keys(elsewhere.requests[0]?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ])
  })
})

describe('errors', () => {
  it('a refused call keeps the words, the reason and the causes of the server', async () => {
    const causes = [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.containers' }]
    server.reply(`POST ${pods}?fieldManager=kubeclient`, status(422, 'Invalid', { details: { causes } }))
    const error = await failure(
      connect()
        .resource(Pod)
        .create({ spec: { containers: [] } }),
      'KUBE_API',
    )
    expect(error).toMatchObject({ status: 422, reason: 'Invalid', causes })
    expect(error.message).toContain('the server says Invalid')
  })

  it('a refused watch keeps them too', async () => {
    server.reply(podWatch, status(403, 'Forbidden'))
    const error = await failure(collect(connect().resource(Pod).watch()), 'KUBE_API')
    expect(isForbidden(error)).toBe(true)
    expect(error.message).toContain('the server says Forbidden')
  })

  it('an error in the middle of a watch is thrown with its Status, and no event', async () => {
    const object = { kind: 'Status', apiVersion: 'v1', code: 400, reason: 'BadRequest', message: 'no such thing' }
    server.reply(podWatch, events({ type: 'ADDED', object: pod }, { type: 'ERROR', object }))
    const error = await failure(collect(connect().resource(Pod).watch()), 'KUBE_API')
    expect(error).toMatchObject({ status: 400, reason: 'BadRequest' })
    expect(error.message).toContain('no such thing')
  })

  it('a version that the server has forgotten is an error with that version', async () => {
    const object = { kind: 'Status', apiVersion: 'v1', code: 410, reason: 'Expired', message: 'too old' }
    server.reply(`GET ${pods}?resourceVersion=7&watch=true&allowWatchBookmarks=true`, events({ type: 'ERROR', object }))
    const watch = connect().resource(Pod).watch({ resourceVersion: '7' })
    expect(await failure(collect(watch), 'KUBE_WATCH_EXPIRED')).toMatchObject({ resourceVersion: '7' })
  })

  it('what the body of a watch loop throws reaches its caller, and the connection is freed', async () => {
    const watching = server.hold(podWatch)
    const mistake = new TypeError('a mistake of the user')
    const loop = async (): Promise<void> => {
      for await (const { object } of connect().resource(Pod).watch()) {
        if (object.metadata.name === 'a') throw mistake
      }
    }
    const looping = loop().catch((error: unknown) => error)
    const watch = await watching
    begin(watch)
    watch.response.write(`${JSON.stringify({ type: 'ADDED', object: pod })}\n`)
    expect(await looping).toBe(mistake)
    await watch.closed
  })

  it('a line of a watch that is no JSON is an error', async () => {
    server.reply(podWatch, text('{"type":"ADDED"\n', { headers: { 'content-type': 'application/json' } }))
    const error = await failure(collect(connect().resource(Pod).watch()), 'KUBE_PROTOCOL')
    expect(error.message).toContain('no JSON')
  })

  it('a server that is not there is the same error for a call, a watch and discovery', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const { port } = gone.address() as AddressInfo // listening on TCP
    await new Promise((resolve) => gone.close(resolve))
    const client = connect({ server: `http://127.0.0.1:${port}`, retry: false })
    const errors = await Promise.all(
      [client.resource(Pod).get('a'), collect(client.resource(Pod).watch()), client.discovery.groups()].map((call) =>
        failure(call, 'KUBE_TRANSPORT'),
      ),
    )
    expect(errors.map(({ cause }) => cause)).toEqual(Array(3).fill(expect.objectContaining({ code: 'ECONNREFUSED' })))
  })

  it('a login page where an object belongs is a typed error', async () => {
    server.reply(`GET ${pods}/a`, text('<html>Please sign in</html>', { headers: { 'content-type': 'text/html' } }))
    const error = await failure(connect().resource(Pod).get('a'), 'KUBE_PROTOCOL')
    expect(error.message).toContain('Please sign in')
  })

  it('an error shows no token, even where the server repeats it', async () => {
    server.reply(`GET ${pods}/a`, text('bad header: Bearer s3cr3t-t0k3n', { status: 400 }))
    const error = await failure(
      connect({ credentials: { token: 's3cr3t-t0k3n' } })
        .resource(Pod)
        .get('a'),
      'KUBE_API',
    )
    expect(error.message).toContain('bad header')
    expect(`${String(error)} ${JSON.stringify(error)} ${inspect(error, { depth: 9 })}`).not.toContain('s3cr3t')
  })

  it('a log that is followed ends with the reason of its signal', async () => {
    const following = server.hold(`GET ${pods}/a/log?follow=true`)
    const controller = new AbortController()
    const reason = new Error('enough')
    const lines: string[] = []
    const follow = async (): Promise<void> => {
      const log = { path: `${pods}/a/log`, query: { follow: true }, stream: true, signal: controller.signal }
      for await (const chunk of (await connect().request(log)).body) {
        lines.push(Buffer.from(chunk).toString())
        controller.abort(reason)
      }
    }
    const ended = follow().catch((error: unknown) => error)
    const { response, closed } = await following
    response.write('line 1\n')
    expect(await ended).toBe(reason)
    expect(lines).toEqual(['line 1\n'])
    await closed
  })

  it('a log that is refused keeps the words, the reason and the status of the server', async () => {
    server.reply(`GET ${pods}/a/log?follow=true`, status(400, 'BadRequest'))
    const opening = connect().request({ path: `${pods}/a/log`, query: { follow: true }, stream: true })
    const error = await failure(opening, 'KUBE_API')
    expect(error).toMatchObject({ status: 400, reason: 'BadRequest' })
    expect(error.message).toContain('the server says BadRequest')
  })

  it('a log that breaks off is an error of its loop', async () => {
    server.reply(`GET ${pods}/a/log?follow=true`, reset('line 1\n'))
    const { body } = await connect().request({ path: `${pods}/a/log`, query: { follow: true }, stream: true })
    const error = await failure(collect(body), 'KUBE_TRANSPORT')
    expect(error.request.url).toContain(`${pods}/a/log`)
  })

  it('nothing is written to the output of the program', async () => {
    const written = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true))
    const said = (['log', 'warn', 'error'] as const).map((level) => vi.spyOn(console, level).mockReturnValue())
    onTestFinished(() => void vi.restoreAllMocks())
    server.reply(`GET ${pods}/a`, json(pod, { headers: { warning: '299 - "old"' } }), status(500, 'InternalError'))
    const resource = connect({ credentials: { token: 't' } }).resource(Pod)
    await resource.get('a')
    await failure(resource.get('a'), 'KUBE_API')
    expect([...written, ...said].flatMap(({ mock }) => mock.calls)).toEqual([])
  })
})

describe('a server that has enough', () => {
  it('is asked five times when it says later, and then no more', async () => {
    server.always(`GET ${pods}/a`, tooMany({ 'retry-after': '0' }))
    const error = await failure(connect().resource(Pod).get('a'), 'KUBE_API')
    expect(isTooManyRequests(error)).toBe(true)
    expect(error).toMatchObject({ attempts: 5, retryAfterSeconds: 0 })
    expect(server.requests).toHaveLength(5)
  })

  it('is not asked five times as much by a client whose calls keep failing', async () => {
    server.always(`GET ${pods}/a`, tooMany({ 'retry-after': '0' }))
    const resource = connect().resource(Pod)
    for (let call = 0; call < 200; call += 1) await failure(resource.get('a'), 'KUBE_API')
    expect(server.requests.length).toBeLessThanOrEqual(300)
  })

  it('is sent a write again if it says when, as it has not done it yet', async () => {
    const route = `PATCH ${pods}/a?fieldManager=kubeclient`
    server.reply(route, tooMany({ 'retry-after': '0' }), json(pod))
    await connect()
      .resource(Pod)
      .patch('a', { merge: { metadata: { labels: { a: 'b' } } } })
    expect(server.requests).toHaveLength(2)
  })

  it('is not sent a write again if it says nothing', async () => {
    server.reply(`PATCH ${pods}/a?fieldManager=kubeclient`, tooMany({}))
    await failure(connect().resource(Pod).patch('a', { merge: {} }), 'KUBE_API')
    expect(server.requests).toHaveLength(1)
  })
})

describe('calls', () => {
  it('each takes a time limit, and says which was too short', async () => {
    server.always(`GET ${pods}/a`, () => undefined)
    const error = await failure(connect().resource(Pod).get('a', { timeoutMs: 5 }), 'KUBE_TRANSPORT')
    expect(error.message).toContain('`timeoutMs`')
  })

  it('each takes a signal, and rejects with its reason', async () => {
    const holding = server.hold(`GET ${pods}/a`)
    const controller = new AbortController()
    const reason = new Error('not needed any more')
    const getting = connect()
      .resource(Pod)
      .get('a', { signal: controller.signal })
      .catch((error: unknown) => error)
    const { closed } = await holding
    controller.abort(reason)
    expect(await getting).toBe(reason)
    await closed
  })

  it('each kind of patch has the content type of that kind', async () => {
    server.always(`PATCH ${pods}/a?fieldManager=kubeclient`, json(pod))
    const resource = connect().resource(Pod)
    await resource.patch('a', { merge: { spec: null } })
    await resource.patch('a', { strategic: { spec: { containers: [{ name: 'web', image: 'nginx' }] } } })
    await resource.patch('a', { json: [{ op: 'remove', path: '/spec' }] })
    await resource.apply({ metadata: { name: 'a' } })
    expect(server.requests.map(({ headers, body }) => [headers['content-type'], body])).toEqual([
      ['application/merge-patch+json', '{"spec":null}'],
      ['application/strategic-merge-patch+json', '{"spec":{"containers":[{"name":"web","image":"nginx"}]}}'],
      ['application/json-patch+json', '[{"op":"remove","path":"/spec"}]'],
      ['application/apply-patch+yaml', '{"metadata":{"name":"a"},"apiVersion":"v1","kind":"Pod"}'],
    ])
  })

  it('an empty name or namespace is refused before anything is sent', async () => {
    const client = connect()
    const resource = client.resource(Pod)
    const refused = [
      resource.get(''),
      resource.find(''),
      resource.delete(''),
      resource.delete('a', { namespace: '' }),
      resource.list({ namespace: '' }),
      resource.patch('', { merge: {} }),
      client.delete({ apiVersion: 'v1', kind: 'Pod', metadata: { name: '' } }),
      resource.deleteCollection({ labelSelector: '' }),
    ]
    await Promise.all(refused.map((call) => failure(call, 'KUBE_INVALID_REQUEST')))
    expect(server.requests).toEqual([])
  })

  it('a name keeps its capitals, and is encoded', async () => {
    const api = await startApi()
    const roles = connect(api.config).resource(ClusterRole)
    await roles.create({ metadata: { name: 'MyTeam:Admin' }, rules: [] })
    expect((await roles.get('MyTeam:Admin')).metadata.name).toBe('MyTeam:Admin')
    expect(api.requests.at(-1)?.path).toBe('/apis/rbac.authorization.k8s.io/v1/clusterroles/MyTeam%3AAdmin')
  })

  it('a zero is sent like any other number', async () => {
    const api = await startApi({ objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }] })
    const maps = connect(api.config).resource(ConfigMap)
    await maps.list({ limit: 0, resourceVersion: '0' })
    await maps.delete('a', { gracePeriodSeconds: 0 })
    const [list, removal] = api.requests
    expect(list?.query).toEqual({ limit: '0', resourceVersion: '0' })
    expect(removal?.body).toMatchObject({ gracePeriodSeconds: 0 })
  })

  it('a warning of the server is told once, with the request that it is about', async () => {
    const warnings: unknown[] = []
    const client = connect({ onWarning: ({ text: words, request }) => warnings.push([words, request.method]) })
    server.always(`GET ${pods}/a`, json(pod, { headers: { warning: '299 - "v1 Pod is \\"old\\""' } }))
    await client.resource(Pod).get('a')
    await client.resource(Pod).get('a')
    expect(warnings).toEqual([['v1 Pod is "old"', 'GET']])
  })

  it('what the caller passes is not changed', async () => {
    const api = await startApi()
    const config = Object.freeze({ ...api.config, server: Object.freeze(new URL(api.url)) })
    const object = Object.freeze({ metadata: Object.freeze({ name: 'a' }), data: Object.freeze({ k: 'v' }) })
    await connect(config).resource(ConfigMap).create(object)
    expect(String(config.server)).toBe(String(api.url))
  })

  it('a stale replace is a conflict, an existing name is none', async () => {
    const api = await startApi()
    const maps = connect(api.config).resource(ConfigMap)
    const old = await maps.create({ metadata: { name: 'a' } })
    await maps.patch('a', { merge: { data: { k: 'v' } } })
    expect(isConflict(await failure(maps.replace({ ...old, data: {} }), 'KUBE_API'))).toBe(true)
    expect(isConflict(await failure(maps.create({ metadata: { name: 'a' } }), 'KUBE_API'))).toBe(false)
  })
})

describe('data', () => {
  interface Typed extends KubeObject {
    spec?: { holderIdentity?: string }
  }
  const Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', resource: 'leases', namespaced: true }

  it('a typed read and replace drops no field that the type does not know, and changes no value', async () => {
    const spec = {
      holderIdentity: 'a',
      renewTime: '2026-01-01T00:00:00.123456Z',
      newerThanThisClient: { port: 80, alternative: 'http', at: '2026-01-01', none: [], deep: { value: false } },
    }
    const lease = { ...Lease, metadata: { name: 'a' }, spec }
    const api = await startApi({ objects: [lease] })
    const leases = connect(api.config).resource<Typed>(Lease)
    const found = await leases.get('a')
    await leases.replace({ ...found, spec: { ...found.spec, holderIdentity: 'b' } })
    expect((await leases.get('a')).spec).toEqual({ ...spec, holderIdentity: 'b' })
  })

  it('numbers are those of JSON.parse: exact to 2^53, and beyond it as text through request()', async () => {
    const body = '{"metadata":{"name":"a"},"spec":{"exact":9007199254740991,"more":9007199254740993}}'
    server.always(`GET ${pods}/a`, text(body, { headers: { 'content-type': 'application/json' } }))
    const client = connect()
    const { spec } = await client.resource(Pod).get('a')
    expect(spec).toEqual({ exact: 9_007_199_254_740_991, more: 9_007_199_254_740_992 })
    expect(await (await client.request({ path: `${pods}/a` })).text()).toBe(body)
  })

  it('a list that comes without items, or with null for them, is an empty one', async () => {
    const list = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' } }
    server.reply(`GET ${pods}`, json(list), json({ ...list, items: null }))
    const resource = connect().resource(Pod)
    expect([(await resource.list()).items, (await resource.list()).items]).toEqual([[], []])
  })

  it('a list has the kind that the server gave it, and each of its items has its own', async () => {
    const api = await startApi({ objects: [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } }] })
    const list = await connect(api.config).resource('deploy').list()
    expect([list.kind, ...list.items.map(({ kind, apiVersion }) => `${apiVersion} ${kind}`)]).toEqual([
      'DeploymentList',
      'apps/v1 Deployment',
    ])
  })
})

describe('discovery', () => {
  it('one client has the kinds of all groups, and twenty first calls at once cost two requests more', async () => {
    const api = await startApi()
    const client = connect(api.config)
    const kinds = ['pods', 'deploy', 'cronjobs.batch', 'Role', 'ingresses.v1.networking.k8s.io']
    await Promise.all([...kinds, ...kinds, ...kinds, ...kinds].map((ref) => client.resource(ref).list()))
    expect(api.requests).toHaveLength(20 + 2)
  })

  it('a group that does not answer is told from a kind that is not there', async () => {
    server.always('GET /api', groups(core({ pods: 'Pod' })))
    server.always('GET /apis', groups(stale))
    const { discovery } = connect()
    expect(await discovery.has('pods')).toBe(true)
    const error = await failure(discovery.has('nodes.metrics.k8s.io'), 'KUBE_DISCOVERY')
    expect(error.groupVersions).toEqual(['metrics.k8s.io/v1beta1'])
    await failure(discovery.resolve('nodes.example.com'), 'KUBE_NO_MATCH')
  })

  it('a list of everything says what it could not read, and has the rest', async () => {
    server.always('GET /api', groups(core({ pods: 'Pod', secrets: 'Secret' })))
    server.always('GET /apis', groups(stale))
    server.reply('GET /api/v1/pods?limit=500', json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [pod] }))
    server.reply('GET /api/v1/secrets?limit=500', status(403, 'Forbidden'))
    const { objects, failures } = await allObjects(connect())
    expect(objects).toEqual([pod])
    expect(failures.map(({ what, error }) => [what, error.code])).toEqual([
      ['discovery', 'KUBE_DISCOVERY'],
      ['secrets in v1', 'KUBE_API'],
    ])
  })

  it('the guide shows the list of everything as it is tested here', async () => {
    const [guide, example] = await Promise.all(
      ['docs/guides/lists-and-pages.md', 'examples/all-entities/all-objects.ts'].map((path) =>
        readFile(new URL(`../../../${path}`, import.meta.url), 'utf8'),
      ),
    )
    expect(guide).toContain(`\`\`\`ts\n${example}\`\`\``)
  })
})
