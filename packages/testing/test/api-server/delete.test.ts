import { describe, expect, it } from 'vitest'
import { startApiServer } from '../../src/index.ts'
import { apiOf, mergePatchType } from './call-api.ts'
import { watchLines } from './watch-lines.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'
const pods = '/api/v1/namespaces/default/pods'

describe('delete', () => {
  it('answers a Status, or the object for the kinds that do', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    const accounts = '/api/v1/namespaces/default/serviceaccounts'
    const { json } = await api('POST', configMaps, { body: { metadata: { name: 'a' } } })
    await api('POST', accounts, { body: { metadata: { name: 'a' } } })

    expect((await api('DELETE', `${configMaps}/a`)).json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: json['metadata']?.['uid'] },
    })
    expect((await api('DELETE', `${accounts}/a`)).json).toMatchObject({
      kind: 'ServiceAccount',
      metadata: { name: 'a' },
    })
    expect((await api('DELETE', `${configMaps}/a`)).json).toMatchObject({ code: 404 })
  })

  it.each([
    [{ preconditions: { uid: 'x' } }, 409, 'the UID in the precondition (x) does not match'],
    [{ preconditions: { resourceVersion: '1' } }, 409, 'the ResourceVersion in the precondition (1) does not match'],
    [{ propagationPolicy: 'Bogus' }, 422, 'Unsupported value: "Bogus"'],
    [{ propagationPolicy: 'Orphan', orphanDependents: true }, 422, 'cannot be both set'],
    [{ kind: 'Pod', apiVersion: 'v1' }, 400, 'no kind "Pod" is registered'],
  ])('with %j is refused and deletes nothing', async (body, status, message) => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', configMaps, { body: { metadata: { name: 'a' } } })

    const answer = await api('DELETE', `${configMaps}/a`, { body })

    expect(answer.status).toBe(status)
    expect(answer.json['message']).toContain(message)
    expect((await api('GET', `${configMaps}/a`)).status).toBe(200)
  })

  it.each([
    ['?dryRun=All', undefined],
    ['', { dryRun: ['All'] }],
  ])('deletes nothing in a dry run (%j, %j)', async (query, body) => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', configMaps, { body: { metadata: { name: 'a' } } })

    expect((await api('DELETE', `${configMaps}/a${query}`, { body })).json).toMatchObject({ status: 'Success' })
    expect((await api('GET', `${configMaps}/a`)).status).toBe(200)
  })

  it('marks an object that has finalizers; it goes with the last of them', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', configMaps, { body: { metadata: { name: 'a', finalizers: ['example.com/x'] } } })

    const marked = await api('DELETE', `${configMaps}/a`)
    const more = { metadata: { finalizers: ['example.com/x', 'example.com/y'] } }
    const added = await api('PATCH', `${configMaps}/a`, { body: more, headers: mergePatchType })
    const freed = await api('PATCH', `${configMaps}/a`, {
      body: { metadata: { finalizers: null } },
      headers: mergePatchType,
    })

    expect(marked.json['metadata']).toMatchObject({
      deletionTimestamp: expect.any(String),
      deletionGracePeriodSeconds: 0,
      finalizers: ['example.com/x'],
    })
    expect(added.json).toMatchObject({ code: 422, message: expect.stringContaining('no new finalizers can be added') })
    expect(freed.status).toBe(200)
    expect((await api('GET', `${configMaps}/a`)).status).toBe(404)
  })

  it('gives a pod on a node its grace period, and zero ends it', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', pods, { body: { metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [] } } })

    expect((await api('DELETE', `${pods}/p`)).json['metadata']).toMatchObject({
      deletionGracePeriodSeconds: 30,
      generation: 2,
    })
    expect((await api('GET', `${pods}/p`)).status).toBe(200)
    await api('DELETE', `${pods}/p?gracePeriodSeconds=0`)
    expect((await api('GET', `${pods}/p`)).status).toBe(404)
  })

  it('deletes a pod that no node has at once', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', pods, { body: { metadata: { name: 'p' }, spec: { containers: [] } } })

    expect((await api('DELETE', `${pods}/p`)).json).toMatchObject({
      kind: 'Pod',
      metadata: { deletionGracePeriodSeconds: 0 },
    })
    expect((await api('GET', `${pods}/p`)).status).toBe(404)
  })

  it('evicts pods', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', pods, { body: { metadata: { name: 'p' }, spec: { containers: [] } } })

    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } }
    expect((await api('POST', `${pods}/p/eviction`, { body })).json).toMatchObject({ status: 'Success', code: 201 })
    expect((await api('GET', `${pods}/p`)).status).toBe(404)
  })

  it('of a collection takes what the selector selects', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    for (const name of ['a', 'b']) await api('POST', configMaps, { body: { metadata: { name, labels: { name } } } })

    const { json } = await api('DELETE', `${configMaps}?labelSelector=name%3Da`)

    expect(json).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'a' } }] })
    expect((await api('GET', configMaps)).json['items']).toMatchObject([{ metadata: { name: 'b' } }])
  })
})

describe('dependents', () => {
  it('go with their owner in the background', async () => {
    await using server = await startApiServer()
    await using events = await watchLines(server.config, `${configMaps}?watch=1&labelSelector=dependent`)
    const api = apiOf(server.config)
    const { json: owner } = await api('POST', configMaps, { body: { metadata: { name: 'owner' } } })
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner['metadata']?.['uid'] }
    const metadata = { name: 'child', labels: { dependent: '' }, ownerReferences: [reference] }
    await api('POST', configMaps, { body: { metadata } })

    await api('DELETE', `${configMaps}/owner`)

    expect(await events.take(2)).toMatchObject([{ type: 'ADDED' }, { type: 'DELETED' }])
  })

  it('are set free when they are orphaned, and then the owner goes', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    const { json: owner } = await api('POST', configMaps, {
      body: { metadata: { name: 'owner', labels: { owner: '' } } },
    })
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner['metadata']?.['uid'] }
    await api('POST', configMaps, { body: { metadata: { name: 'child', ownerReferences: [reference] } } })
    await using events = await watchLines(server.config, `${configMaps}?watch=1&labelSelector=owner`)

    const { json } = await api('DELETE', `${configMaps}/owner?propagationPolicy=Orphan`)

    expect(json['metadata']).toMatchObject({ finalizers: ['orphan'] })
    expect(await events.take(3)).toMatchObject([{ type: 'ADDED' }, { type: 'MODIFIED' }, { type: 'DELETED' }])
    expect((await api('GET', `${configMaps}/child`)).json['metadata']).not.toHaveProperty('ownerReferences')
  })
})

describe('a namespace', () => {
  it('is marked, takes its objects along, and vanishes', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    const created = await api('POST', '/api/v1/namespaces', { body: { metadata: { name: 'n' } } })
    await api('POST', '/api/v1/namespaces/n/configmaps', { body: { metadata: { name: 'a' } } })
    await using events = await watchLines(server.config, '/api/v1/namespaces?watch=1&fieldSelector=metadata.name%3Dn')

    const { json } = await api('DELETE', '/api/v1/namespaces/n')

    expect(created.json).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'n' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
    expect(json).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } })
    expect(await events.take(3)).toMatchObject([{ type: 'ADDED' }, { type: 'MODIFIED' }, { type: 'DELETED' }])
    expect((await api('GET', '/api/v1/namespaces/n/configmaps/a')).status).toBe(404)
  })

  it('waits for objects with finalizers, and takes no new ones', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    const inside = '/api/v1/namespaces/n/configmaps'
    await api('POST', '/api/v1/namespaces', { body: { metadata: { name: 'n' } } })
    await api('POST', inside, { body: { metadata: { name: 'a', finalizers: ['example.com/x'] } } })
    await using events = await watchLines(server.config, `${inside}?watch=1`)
    await api('DELETE', '/api/v1/namespaces/n')
    await events.take(2)

    const refused = await api('POST', inside, { body: { metadata: { name: 'b' } } })
    await using namespaces = await watchLines(
      server.config,
      '/api/v1/namespaces?watch=1&fieldSelector=metadata.name%3Dn',
    )
    await api('PATCH', `${inside}/a`, { body: { metadata: { finalizers: null } }, headers: mergePatchType })

    expect(refused.json).toMatchObject({
      code: 403,
      message:
        'configmaps "b" is forbidden: unable to create new content in namespace n because it is being terminated',
    })
    expect(await namespaces.take(2)).toMatchObject([{ type: 'ADDED' }, { type: 'DELETED' }])
  })

  it('of every cluster may not be deleted', async () => {
    await using server = await startApiServer()

    const { json } = await apiOf(server.config)('DELETE', '/api/v1/namespaces/default')

    expect(json).toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    })
  })
})
