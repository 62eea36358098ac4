import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createDiscovery } from '../../src/discovery/create-discovery.ts'
import type { FetchDocument } from '../../src/discovery/discover.ts'
import type { ResourceInfo } from '../../src/spec/resource.ts'

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
const resource = (kind: string, scope = 'Namespaced') => ({
  resource: `${kind.toLowerCase()}s`,
  responseKind: { kind },
  scope,
  singularResource: kind.toLowerCase(),
  verbs: ['list'],
})
const group = (name: string, ...resources: object[]) => ({
  metadata: { name },
  versions: [{ version: 'v1', resources }],
})

/** A server whose documents can be changed, with ETags that count the changes, and a clock that only tests move. */
function scripted() {
  const documents = new Map([
    ['/api', { version: 1, items: [group('', resource('Pod'))] }],
    ['/apis', { version: 1, items: [group('example.com', resource('Widget'))] }],
  ])
  const state = { asked: [] as string[], now: 0, down: false, etags: true, onTheWay: Promise.resolve() }
  const fetch: FetchDocument = async (path, _, etag) => {
    state.asked.push(etag === undefined ? path : `${path} if ${etag}`)
    if (state.down) throw new Error('down')
    const document = documents.get(path)
    const current = `"${document?.version}"`
    await state.onTheWay
    if (etag === current) return { notModified: true, contentType: undefined, etag, json: undefined }
    const own = state.etags ? current : undefined
    return { notModified: false, contentType: aggregated, etag: own, json: { items: document?.items } }
  }
  const change = (path: string, ...items: object[]): void => {
    documents.set(path, { version: (documents.get(path)?.version ?? 0) + 1, items: items as never })
  }
  const options = { fetch, now: () => state.now, server: new URL('https://k/prefix') }
  return { state, change, options, discovery: createDiscovery(options) }
}

const fails = () => Promise.reject(new Error('no cache today'))
const throws = (): never => {
  throw new Error('no cache today')
}
const minutes = 60_000

const memory = () => {
  const store = new Map<string, string>()
  const cache = {
    get: async (key: string) => store.get(key),
    set: async (key: string, value: string) => void store.set(key, value),
    delete: async (key: string) => void store.delete(key),
  }
  return { store, cache }
}

const savedPod = {
  group: '',
  version: 'v1',
  apiVersion: 'v1',
  kind: 'Pod',
  resource: 'pods',
  singular: 'pod',
  namespaced: true,
  verbs: ['get'],
  shortNames: ['po'],
  categories: [],
  subresources: [],
}

/** What a cache holds, but for a part. */
function saved(part: object): string {
  const groups = [{ name: '', preferredVersion: 'v1', versions: ['v1'] }]
  return JSON.stringify({ savedAt: 0, snapshot: { groups, resources: [savedPod], failed: [], ...part } })
}

/** A load that has been answered, and whose answers are still on their way. */
async function underWay({ discovery, state }: ReturnType<typeof scripted>): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  state.onTheWay = promise
  const loading = discovery.groups()
  onTestFinished(async () => void (await loading))
  await vi.waitUntil(() => state.asked.length === 2)
  state.asked = []
  return resolve
}

describe('what discovery has learned', () => {
  it('is asked for once by all who wait, with two requests', async () => {
    const { discovery, state } = scripted()
    await Promise.all([
      discovery.resolve('pods'),
      discovery.resolve('widgets'),
      discovery.groups(),
      discovery.has('pods'),
    ])
    expect(state.asked.toSorted()).toEqual(['/api', '/apis'])
  })

  it('stands for ten minutes, and is then confirmed by ETag', async () => {
    const { discovery, state } = scripted()
    const before = await discovery.resolve('widgets')
    state.now = 10 * minutes - 1
    await discovery.resolve('widgets')
    expect(state.asked).toHaveLength(2)
    state.now = 10 * minutes
    expect(await discovery.resolve('widgets')).toBe(before)
    expect(state.asked.slice(2).toSorted()).toEqual(['/api if "1"', '/apis if "1"'])
  })

  it('reads again what has changed, and what it needs beside that', async () => {
    const { discovery, state, change } = scripted()
    await discovery.resolve('pods')
    change('/apis', group('example.com', resource('Gadget')))
    state.asked = []
    expect((await discovery.resolve('gadgets')).kind).toBe('Gadget')
    expect((await discovery.resolve('pods')).kind).toBe('Pod')
    expect(state.asked.toSorted()).toEqual(['/api', '/api if "1"', '/apis if "1"'])
  })

  it('outlives a server that does not answer when it is old', async () => {
    const { discovery, state } = scripted()
    await discovery.resolve('pods')
    state.now = 20 * minutes
    state.down = true
    expect((await discovery.resolve('pods')).kind).toBe('Pod')
  })

  it('is read whole from a server without ETags', async () => {
    const { discovery, state } = scripted()
    state.etags = false
    await discovery.resolve('pods')
    state.now = 20 * minutes
    await discovery.resolve('pods')
    expect(state.asked.toSorted()).toEqual(['/api', '/api', '/apis', '/apis'])
  })

  it('is looked for once more when something is missing, and not again within a second', async () => {
    const { discovery, state } = scripted()
    await discovery.resolve('pods')
    expect(await discovery.has('gadgets')).toBe(false)
    expect(state.asked).toHaveLength(4)
    state.now = 999
    await expect(discovery.resolve('gadgets')).rejects.toMatchObject({ code: 'KUBE_NO_MATCH' })
    expect(state.asked).toHaveLength(4)
    state.now = 1000
    expect(await discovery.has('gadgets')).toBe(false)
    expect(state.asked).toHaveLength(6)
  })

  it('finds a kind that came a moment after another was missed', async () => {
    const { discovery, change } = scripted()
    expect(await discovery.has('doodads')).toBe(false)
    change('/apis', group('example.com', resource('Gadget')))
    expect(await discovery.has('gadgets')).toBe(true)
  })

  it('finds a kind that came while a load was under way', async () => {
    const server = scripted()
    const arrive = await underWay(server)
    server.change('/apis', group('example.com', resource('Gadget')))
    const found = server.discovery.has('gadgets')
    arrive()
    expect(await found).toBe(true)
    expect(server.state.asked.toSorted()).toEqual(['/api', '/api if "1"', '/apis if "1"'])
  })

  it('is asked for once more by all who miss something while a load is under way', async () => {
    const server = scripted()
    const arrive = await underWay(server)
    const found = Promise.all(['gadgets', 'doodads', 'gizmos'].map((name) => server.discovery.has(name)))
    arrive()
    expect(await found).toEqual([false, false, false])
    expect(server.state.asked).toHaveLength(2)
  })

  it('is read afresh by refresh(), even while a load is under way', async () => {
    const { discovery, change } = scripted()
    const first = discovery.resources()
    change('/apis', group('example.com', resource('Gadget')))
    await discovery.refresh()
    await first
    expect((await discovery.resources()).map(({ kind }) => kind)).toContain('Gadget')
  })
})

describe('recheck', () => {
  it('tells how a kind is served now that it came back with another scope', async () => {
    const { discovery, change } = scripted()
    const known = await discovery.resolve('widgets')
    change('/apis', group('example.com', resource('Widget', 'Cluster')))
    expect(await discovery.recheck('widgets', known)).toMatchObject({ namespaced: false })
    expect((await discovery.resolve('widgets')).namespaced).toBe(false)
  })

  it('asks nobody when another caller has just learned it', async () => {
    const { discovery, change, state } = scripted()
    const known = await discovery.resolve('widgets')
    change('/apis', group('example.com', resource('Widget', 'Cluster')))
    await discovery.recheck('widgets', known)
    state.asked = []
    expect(await discovery.recheck('widgets', known)).toMatchObject({ namespaced: false })
    expect(state.asked).toEqual([])
  })

  it('asks once a second for a kind that has not moved', async () => {
    const { discovery, state } = scripted()
    const known = await discovery.resolve('widgets')
    state.asked = []
    for (let n = 0; n < 5; n += 1) expect(await discovery.recheck('widgets', known)).toBeUndefined()
    expect(state.asked).toHaveLength(2)
  })
})

describe('a discoveryCache', () => {
  it('spares the next client all requests', async () => {
    const { options, state } = scripted()
    const { store, cache } = memory()
    await createDiscovery({ ...options, cache }).resolve('pods')
    expect([...store.keys()]).toEqual(['kubeclient discovery 1 https://k/prefix'])
    state.asked = []
    expect((await createDiscovery({ ...options, cache }).resolve('widgets')).kind).toBe('Widget')
    expect(state.asked).toEqual([])
  })

  it('is confirmed by ETag when it is old', async () => {
    const { options, state } = scripted()
    const { cache } = memory()
    await createDiscovery({ ...options, cache }).resolve('pods')
    state.now = 11 * minutes
    state.asked = []
    await createDiscovery({ ...options, cache }).resolve('pods')
    expect(state.asked.toSorted()).toEqual(['/api if "1"', '/apis if "1"'])
  })

  it('does not hide a kind that is newer than it', async () => {
    const { options, change } = scripted()
    const { cache } = memory()
    await createDiscovery({ ...options, cache }).resolve('pods')
    change('/apis', group('example.com', resource('Gadget')))
    expect(await createDiscovery({ ...options, cache }).has('gadgets')).toBe(true)
  })

  it.each([
    '',
    'null',
    '[]',
    '{"savedAt":0}',
    '{"savedAt":0,"snapshot":{"groups":[{}],"resources":[],"failed":[]}}',
    '{"__proto__":1}',
    saved({ failed: [7] }),
    saved({ etags: 7 }),
    saved({ etags: { core: 7, groups: '"1"' } }),
    saved({ etags: { core: '"1"' } }),
    saved({ etags: { groups: '"1\\r\\nx-evil: 1"' } }),
    saved({ groups: [{ name: '', preferredVersion: 'v1', versions: [7] }] }),
    saved({ resources: [{ ...savedPod, namespaced: undefined }] }),
    saved({ resources: [{ ...savedPod, namespaced: 'yes' }] }),
    saved({ resources: [{ ...savedPod, verbs: [null] }] }),
    saved({ resources: [{ ...savedPod, shortNames: [{}] }] }),
    saved({ resources: [{ ...savedPod, subresources: [null] }] }),
    saved({ resources: [{ ...savedPod, subresources: [{ name: 'status', apiVersion: 'v1', kind: 'Pod' }] }] }),
  ])('that holds %j is as good as none', async (value) => {
    const { options, state } = scripted()
    const { store, cache } = memory()
    store.set('kubeclient discovery 1 https://k/prefix', value)
    expect((await createDiscovery({ ...options, cache }).resolve('pods')).kind).toBe('Pod')
    expect(state.asked).toHaveLength(2)
  })

  it('that holds what is sound is believed', async () => {
    const { options, state } = scripted()
    const { store, cache } = memory()
    const subresources = [{ name: 'status', apiVersion: 'v1', kind: 'Pod', verbs: ['get'] }]
    const value = saved({ etags: { groups: '"1"' }, resources: [{ ...savedPod, subresources }] })
    store.set('kubeclient discovery 1 https://k/prefix', value)
    expect(await createDiscovery({ ...options, cache }).resolve('pods')).toEqual({ ...savedPod, subresources })
    expect(state.asked).toEqual([])
  })

  it('that was filled in the future is confirmed by ETag, rather than believed until then', async () => {
    const { options, state } = scripted()
    const { cache } = memory()
    state.now = 60 * minutes
    await createDiscovery({ ...options, cache }).resolve('pods')
    state.now = 30 * minutes
    state.asked = []
    await createDiscovery({ ...options, cache }).resolve('pods')
    expect(state.asked.toSorted()).toEqual(['/api if "1"', '/apis if "1"'])
  })

  it.each(['set', 'delete'])('whose %s hangs keeps nobody waiting', async (verb) => {
    const { options } = scripted()
    const { store, cache } = memory()
    store.set('kubeclient discovery 1 https://k/prefix', 'broken')
    const hanging = { ...cache, [verb]: () => Promise.withResolvers<never>().promise }
    expect((await createDiscovery({ ...options, cache: hanging }).resolve('pods')).kind).toBe('Pod')
  })

  it('whose get hangs is given up after five seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { options, state } = scripted()
    const { cache } = memory()
    const hanging = { ...cache, get: () => Promise.withResolvers<never>().promise }
    const resolving = createDiscovery({ ...options, cache: hanging }).resolve('pods')
    await vi.advanceTimersByTimeAsync(4999)
    expect(state.asked).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect((await resolving).kind).toBe('Pod')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that throws instead of rejecting is as good as none', async () => {
    const { options } = scripted()
    const cache = { get: throws, set: throws, delete: throws }
    expect((await createDiscovery({ ...options, cache }).resolve('pods')).kind).toBe('Pod')
  })

  it('that fails is as good as none', async () => {
    const { options } = scripted()
    const cache = { get: fails, set: fails, delete: fails }
    const found: ResourceInfo = await createDiscovery({ ...options, cache }).resolve('pods')
    expect(found.kind).toBe('Pod')
  })
})
