import { createClient, type DynamicObject, InvalidRequestError, type ResourceClient } from '@kubeclient/core'
import { type ApiServer, startApiServer } from '@kubeclient/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Effects } from '../src/effects.ts'
import { createInformer, type InformerChange, type InformerOptions } from '../src/index.ts'
import { ObjectInformer } from '../src/object-informer.ts'
import { fastEffects } from './support/fast-effects.ts'
import { type Fault, FaultProxy } from './support/fault-proxy.ts'
import { configMaps } from './support/live-history.ts'
import { startHttp } from './support/start-http.ts'
import { uncaught } from './support/uncaught.ts'

type Options = InformerOptions<DynamicObject, string>

let server: ApiServer
let proxy: FaultProxy
let direct: ResourceClient<DynamicObject>
let source: ResourceClient<DynamicObject>
let closing: (() => Promise<unknown>)[]
let credentials: () => Promise<{ token: string }>

beforeEach(async () => {
  server = await startApiServer()
  const token = (server.config.credentials as { token: string }).token // as the in-memory server has it
  proxy = await FaultProxy.start({ server: server.url, token })
  credentials = () => Promise.resolve({ token: proxy.token })
  const here = createClient(server.config)
  const provider = { name: 'test', getCredentials: () => credentials() }
  const there = createClient({ server: proxy.url, credentials: provider, retry: false, proxy: false })
  direct = here.resource(configMaps)
  source = there.resource(configMaps)
  closing = [() => here.close(), () => there.close(), () => proxy.stop(), () => server.stop()]
})

afterEach(async () => {
  for (const close of closing) await close()
})

function start(
  faults: readonly Fault['kind'][] = [],
  options: Options = {},
  effects: Effects = fastEffects(),
): ObjectInformer<DynamicObject, string> {
  proxy.plan(faults.map((kind) => ({ kind, after: 0 })))
  const informer = new ObjectInformer(source, options, effects)
  closing.unshift(() => informer.stop())
  return informer
}

const write = (name: string, more: object = {}, namespace = 'default') =>
  direct.apply({ metadata: { name, namespace }, ...more }, { namespace })
const names = (objects: readonly { metadata: { name: string } }[]): string[] =>
  objects.map(({ metadata }) => metadata.name)

const nodeOf = ({ data }: DynamicObject): string[] => [(data as { node: string }).node] // as the tests write it

async function take(changes: AsyncIterable<InformerChange<DynamicObject>>, count: number): Promise<string[]> {
  const seen: string[] = []
  for await (const { type, object } of changes) {
    seen.push(`${type} ${object.metadata?.name}`)
    if (seen.length === count) break
  }
  return seen
}

describe('the copy', () => {
  it('is complete after synced(), follows writes, and says at which version it is', async () => {
    await write('a')
    const informer = start()
    await informer.synced()
    expect(names(informer.list())).toEqual(['a'])

    const written = await write('b', { data: { time: '2030-01-01T00:00:00Z' } })
    await informer.waitFor(written.metadata.resourceVersion)

    expect(informer.get('b', 'default')).toEqual(written)
    expect(informer.resourceVersion).toBe(written.metadata.resourceVersion)
    expect(informer.health).toMatchObject({ state: 'synced', restarts: 0 })
    expect(informer.health.lastEventAt).toBeInstanceOf(Date)
  })

  it('has objects of one form, whether listed, streamed or watched', async () => {
    const stored = await write('a', { data: { k: 'v' } })
    const [streaming, listing] = [start(), start(['unsupported'])]
    await Promise.all([streaming.synced(), listing.synced()])
    for (const informer of [streaming, listing]) expect(informer.list()).toEqual([stored])

    await direct.delete('a')
    const again = await write('a', { data: { k: 'v' } })
    for (const informer of [streaming, listing]) {
      await informer.waitFor(again.metadata.resourceVersion)
      expect(informer.list()).toEqual([again])
    }
  })

  it('has indexes, also later ones, and is transformed and frozen', async () => {
    await write('a', { data: { node: 'n1', secret: 'x' } })
    const informer = start([], {
      indexers: { byNode: nodeOf },
      transform: (object) => Object.assign(object, { data: { node: (object['data'] as { node: string }).node } }),
      freeze: true,
    })
    await informer.synced()
    const more = informer.addIndex('byName', ({ metadata }) => [metadata.name])

    const [found] = informer.list({ index: { byNode: 'n1' } })
    expect(found?.['data']).toEqual({ node: 'n1' })
    expect(more.list({ index: { byName: 'a', byNode: 'n1' } })).toEqual([found])
    expect(() => Object.assign(found?.metadata ?? {}, { labels: {} })).toThrow(TypeError)
  })

  it('is of the namespaces that were asked for, by a watch each or by one for all', async () => {
    for (const namespace of ['one', 'two', 'three']) {
      const admin = createClient(server.config)
      await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
      await admin.close()
      await write(`in-${namespace}`, {}, namespace)
    }
    const each = start([], { namespaces: ['one', 'two', 'one'] })
    await each.synced()
    expect(proxy.openWatches).toBe(2)
    const shared = start([], { namespaces: ['one', 'two'], watches: 'shared' })
    await shared.synced()
    expect(proxy.openWatches).toBe(3)

    const written = await write('more', {}, 'two')
    for (const informer of [each, shared]) {
      await informer.waitFor(written.metadata.resourceVersion, { namespace: 'two' })
      expect(names(informer.list()).toSorted()).toEqual(['in-one', 'in-two', 'more'])
      expect(names(informer.list({ namespace: 'one' }))).toEqual(['in-one'])
    }
    proxy.plan([{ kind: 'gone', after: 0 }])
    proxy.breakAll()
    const after = await write('after', {}, 'one')
    await each.waitFor(after.metadata.resourceVersion, { namespace: 'one' })
    expect(names(each.list()).toSorted()).toEqual(['after', 'in-one', 'in-two', 'more'])
  })

  it('is of metadata only, when that is what the source reads', async () => {
    await write('a', { data: { k: 'v' } })
    await using informer = createInformer(source.metadata())
    await informer.synced()

    expect(informer.get('a', 'default')).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } })
    expect(informer.get('a', 'default')).not.toHaveProperty('data')
  })
})

describe('subscribers', () => {
  it('each begin with the present state, whenever they come, and see every change once', async () => {
    await write('a')
    const informer = start()
    const early = take(informer.changes(), 3)
    await informer.synced()
    await write('b')
    const last = await direct.delete('a')
    expect(last).toBeDefined()

    expect(await early).toEqual(['added a', 'added b', 'deleted a'])
    expect(await take(informer.changes(), 1)).toEqual(['added b'])
  })

  it('know when they have seen the first complete copy', async () => {
    for (const name of ['a', 'b']) await write(name)
    const informer = start()
    const seen: string[] = []
    const early = informer.subscribe({
      async added({ metadata }) {
        await Promise.resolve()
        seen.push(metadata.name)
      },
    })
    await early.synced()
    expect(seen).toEqual(['a', 'b'])

    let late = 0
    await informer.subscribe({ added: () => void (late += 1) }).synced()
    expect(late).toBe(2)
  })

  it('are called no more after they have ended, also by themselves', async () => {
    for (const name of ['a', 'b']) await write(name)
    const informer = start()
    await informer.synced()
    let calls = 0
    const done = Promise.withResolvers<void>()
    const end = informer.subscribe({
      added() {
        calls += 1
        end()
        done.resolve()
      },
    })
    await done.promise
    const written = await write('c')
    await informer.waitFor(written.metadata.resourceVersion)
    await informer.subscribe({}).synced()

    expect(calls).toBe(1)
  })

  it('that throw are heard, and in nobody else’s way', async () => {
    const informer = start()
    await informer.synced()
    const error = uncaught()
    const seen = take(informer.changes(), 2)
    informer.subscribe({
      added({ metadata }) {
        if (metadata.name === 'a') throw new Error('a bug in a handler')
      },
    })
    await write('a')

    expect(await error).toMatchObject({ message: 'a bug in a handler' })
    await write('b')
    expect(await seen).toEqual(['added a', 'added b'])
    expect(informer.health.state).toBe('synced')
  })

  it('learn what was added, changed and deleted while the connection was down', async () => {
    const kept = await write('kept')
    for (const name of ['changed', 'gone']) await write(name)
    const informer = start()
    await informer.synced()
    const seen: [string, string, boolean?][] = []
    informer.subscribe({
      added: ({ metadata }) => void seen.push(['added', metadata.name]),
      updated: ({ metadata }) => void seen.push(['updated', metadata.name]),
      deleted: ({ metadata }, { finalStateUnknown }) => void seen.push(['deleted', metadata.name, finalStateUnknown]),
    })
    await expect.poll(() => seen.length).toBe(3)
    seen.length = 0

    proxy.plan([
      { kind: 'gone', after: 0 },
      { kind: 'busy', after: 0 },
    ])
    proxy.breakAll()
    await write('changed', { data: { now: 'other' } })
    await direct.delete('gone')
    const last = await write('fresh')
    await informer.waitFor(last.metadata.resourceVersion)
    await informer.subscribe({}).synced()

    expect(seen.toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
      ['added', 'fresh'],
      ['deleted', 'gone', true],
      ['updated', 'changed'],
    ])
    expect(informer.get('kept', 'default')).toEqual(kept)
  })
})

describe('trouble', () => {
  it.each<Fault['kind']>([
    'reset',
    'truncate',
    'busy',
    'broken',
    'unavailable',
    'goneInStream',
    'brokenInStream',
    'down',
  ])('%s does not end an informer', async (kind) => {
    await write('a')
    const informer = start([kind, kind])
    await informer.synced()
    proxy.plan([{ kind, after: 0 }])
    proxy.breakAll()
    const written = await write('b')
    await informer.waitFor(written.metadata.resourceVersion)

    expect(names(informer.list())).toEqual(['a', 'b'])
    expect(informer.health.lastError).toBeInstanceOf(Error)
  })

  it('of the server is in the health, in the server’s words', async () => {
    const informer = start(Array.from({ length: 8 }, () => 'forbidden'))
    await expect.poll(() => informer.health.state, { interval: 1 }).toBe('degraded')

    expect(informer.health.lastError).toMatchObject({
      code: 'KUBE_API',
      status: 403,
      message: expect.stringContaining('made 403'),
    })
    await informer.synced()
    expect(informer.health.state).toBe('synced')
  })

  it('of one of several watches is the last error, though another had one before', async () => {
    const informer = start(['busy', 'none'], { namespaces: ['default', 'kube-system'] })
    await informer.synced()
    expect(informer.health.lastError).toMatchObject({ status: 429 })
    proxy.failAlways('/namespaces/kube-system/', 'forbidden')
    proxy.breakAll()
    await expect.poll(() => informer.health.state, { interval: 1 }).toBe('degraded')

    expect(informer.health.lastError).toMatchObject({ status: 403 })
  })

  it('with credentials makes it degraded until there are some, and rejects nothing', async () => {
    const informer = start()
    await informer.synced()
    const works = credentials
    credentials = () => Promise.reject(new Error('no token today'))
    proxy.plan([{ kind: 'rotate', after: 0 }])
    proxy.breakAll()
    await expect.poll(() => informer.health.state).toBe('degraded')

    credentials = works
    const written = await write('a')
    await informer.waitFor(written.metadata.resourceVersion)
    expect(informer.health.state).toBe('synced')
  })

  it('is over when the server answers, though nothing changes and no bookmark comes', async () => {
    const informer = start([], {}, { ...fastEffects(), idleTimeoutMs: 60_000 })
    await informer.synced()
    proxy.hold()
    await expect.poll(() => informer.health.state, { interval: 1 }).toBe('degraded')
    const { lastEventAt } = informer.health

    proxy.release()

    await expect.poll(() => informer.health.state, { interval: 1 }).toBe('synced')
    expect(informer.health.lastEventAt).toEqual(lastEventAt)
  })

  it('in the midst of a list of pages makes it list in one piece', async () => {
    const many = Array.from({ length: 501 }, (_, index) => index)
    await Promise.all(many.map((index) => write(`m${index}`)))
    const informer = start(['unsupported', 'none', 'gone'])
    await informer.synced()

    expect(informer.list()).toHaveLength(501)
    expect(proxy.paths.filter((path) => !path.includes('watch=')).map((path) => /limit=\d+/.exec(path)?.[0])).toEqual([
      'limit=500',
      'limit=500',
      undefined,
    ])
  })
})

describe('what a server should not send', () => {
  it('is left out, and everything else is kept', async () => {
    const stored = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default', uid: 'u1' } }
    const strange = [
      { type: 'ADDED', object: {} },
      { type: 'ADDED', object: { metadata: null } },
      { type: 'ADDED', object: { metadata: { name: 7, resourceVersion: {} } } },
      { type: 'BOOKMARK', object: {} },
      { type: 'BOOKMARK', object: { metadata: { resourceVersion: 5, annotations: [] } } },
      {
        type: 'ADDED',
        object: { ...stored, metadata: { ...stored.metadata, name: '__proto__', resourceVersion: 12 } },
      },
      { type: 'ADDED', object: { ...stored, metadata: { ...stored.metadata, resourceVersion: '4' } } },
      {
        type: 'BOOKMARK',
        object: { metadata: { resourceVersion: '9', annotations: { 'k8s.io/initial-events-end': 'true' } } },
      },
      { type: 'DELETED', object: {} },
      { type: 'BOOKMARK', object: {} },
      { type: 'MODIFIED', object: { ...stored, metadata: { ...stored.metadata, resourceVersion: '10' } } },
    ]
    let asked = 0
    await using strangeServer = await startHttp((_, response) => {
      asked += 1
      response.writeHead(200, { 'content-type': 'application/json' })
      for (const event of strange) response.write(`${JSON.stringify(event)}\n`)
    })
    const client = createClient({ server: strangeServer.url })
    const informer = new ObjectInformer(client.resource(configMaps), {}, fastEffects())
    await informer.waitFor('10')

    expect(names(informer.list())).toEqual(['__proto__', 'a'])
    expect(informer.health.lastError?.message).toContain('without a name')
    expect(asked).toBe(1)
    await informer.stop()
    await client.close()
  })
})

describe('the end', () => {
  it.each<Fault['kind']>(['none', 'stall', 'unsupported', 'busy'])(
    'is silent, and asks for nothing more, when stopped after %s',
    async (kind) => {
      const informer = start([kind, kind])
      const waiting = [informer.synced(), informer.waitFor('999')].map((wait) => wait.then(() => '', String))
      const changes = take(informer.changes(), 1)
      await expect.poll(() => proxy.requests).toBeGreaterThan(0)

      await informer.stop()
      const { requests } = proxy
      await informer.stop()

      expect(await changes).toEqual([])
      for (const reason of await Promise.all(waiting)) expect(['', 'Error: the informer was stopped']).toContain(reason)
      expect(informer.health.state).toBe('stopped')
      await expect.poll(() => proxy.openWatches).toBe(0)
      expect(proxy.requests).toBe(requests)
    },
  )

  it('may come from a handler, and does not wait for one that hangs', async () => {
    await write('a')
    const informer = start()
    const [hanging, stopped] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    informer.subscribe({
      added() {
        hanging.resolve()
        return new Promise<void>(() => undefined)
      },
    })
    await hanging.promise
    informer.subscribe({ added: () => informer.stop().then(stopped.resolve) })

    await stopped.promise
    expect(informer.health.state).toBe('stopped')
    await expect.poll(() => proxy.openWatches).toBe(0)
  })

  it('comes with the signal, whose reason those get who wait', async () => {
    const controller = new AbortController()
    const informer = start(['stall'], { signal: controller.signal })
    const synced = informer.synced()

    controller.abort(new Error('shutting down'))

    await expect(synced).rejects.toThrow('shutting down')
    await expect(informer.waitFor('1')).rejects.toThrow('shutting down')
    await expect.poll(() => informer.health.state).toBe('stopped')
  })

  it('comes with that of the client, in silence', async () => {
    const there = createClient({ ...server.config, retry: false })
    const informer = new ObjectInformer(there.resource(configMaps), {}, fastEffects())
    await informer.synced()
    const changes = take(informer.changes(), 1)
    informer.subscribe({})

    await there.close()

    expect(await changes).toEqual([])
    expect(informer.health.state).toBe('stopped')
    await expect(informer.waitFor('99999')).rejects.toThrow('the client is closed')
    await informer.stop()
  })

  it('of a wait is not the end of the informer', async () => {
    const informer = start()
    await informer.synced()
    const signal = AbortSignal.abort(new Error('no time'))

    await expect(informer.synced({ signal })).rejects.toThrow('no time')
    await expect(informer.waitFor('99999', { signal })).rejects.toThrow('no time')
    await expect(take(informer.changes({ signal }), 1)).rejects.toThrow('no time')
    expect(informer.health.state).toBe('synced')
  })

  it('comes with a function of the application that throws, and everybody who waits is told', async () => {
    await write('a')
    const informer = start([], {
      transform() {
        throw new Error('a bug in transform')
      },
    })
    await expect(informer.synced()).rejects.toThrow('a bug in transform')
    await expect(take(informer.changes(), 1)).rejects.toThrow('a bug in transform')
    expect(informer.health).toMatchObject({ state: 'stopped', lastError: { message: 'a bug in transform' } })
  })

  it('comes with a transform that makes another object of one', async () => {
    await write('a')
    const informer = start([], { transform: (object) => ({ ...object, metadata: { ...object.metadata, name: 'b' } }) })

    await expect(informer.synced()).rejects.toThrow('transform changed metadata.name of "a"')
  })
})

/** What a program without types may pass. */
const untyped = (options: object): Options => options

describe('bad input', () => {
  it.each<[Options, string]>([
    [{ labelSelector: 'app in web' }, '"app in web" is no label selector'],
    [{ namespaces: [] }, '`namespaces` is empty'],
    [untyped({ namespaces: 'default' }), '`namespaces` is no list'],
    [untyped({ signal: new AbortController() }), '`signal` is no AbortSignal'],
    [untyped({ transform: {} }), '`transform` is no function'],
    [untyped({ indexers: { byNode: 'spec.nodeName' } }), 'the index "byNode" has no function'],
  ])('%j is refused before anything is asked', (options, message) => {
    expect(() => createInformer(source, options)).toThrow(InvalidRequestError)
    expect(() => createInformer(source, options)).toThrow(message)
    expect(proxy.requests).toBe(0)
  })

  it.each(['', '0', undefined])('a wait for the version %j would never end, and is refused', async (version) => {
    const informer = start()
    await expect(informer.waitFor(version as string)).rejects.toThrow(InvalidRequestError)
  })

  it('a wait for a namespace that is not watched would mean nothing, and is refused', async () => {
    const informer = start([], { namespaces: ['default', 'one'] })
    await expect(informer.waitFor('1', { namespace: 'two' })).rejects.toThrow('"two" is not among the namespaces')
  })

  it('that only the client finds ends the informer and is told to those who wait', async () => {
    const informer = start([], { namespaces: ['a/b'] })

    await expect(informer.synced()).rejects.toThrow('a/b')
    expect(informer.health.state).toBe('stopped')
    expect(proxy.requests).toBe(0)
  })
})
