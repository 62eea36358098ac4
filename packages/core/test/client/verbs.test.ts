import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allNamespaces, type Client, createClient, type DynamicObject, isNotFound, isStatus } from '../../src/index.ts'
import { caught, kubeError } from '../support/caught.ts'
import { Deployment, Node, Pod, storedPod } from '../support/kinds.ts'
import { failure, json, text, useServer } from '../support/scripted-server.ts'

const api = useServer()
let client: Client
beforeEach(() => {
  client = createClient({ server: api.url, retry: false })
})
afterEach(() => client.close())

const web = '/api/v1/namespaces/default/pods/web'

describe('reading', () => {
  it('gets an object by its descriptor, with one request', async () => {
    api.reply(`GET ${web}`, json(storedPod('web')))
    const pod = await client.resource(Pod).get('web')
    expect(pod.metadata.name).toBe('web')
    expect(api.requests.map(({ target }) => target)).toEqual([web])
    expect(api.requests[0]?.headers.accept).toBe('application/json')
  })

  it('passes unknown fields, large numbers and dates through as JSON has them', async () => {
    api.reply(
      `GET ${web}`,
      text('{"kind":"Pod","future":{"a":[null]},"n":9007199254740991,"t":"2026-01-01T00:00:00Z","__proto__":{"x":1}}'),
    )
    const pod: unknown = await client.resource(Pod).get('web')
    expect(JSON.stringify(pod)).toBe(
      '{"kind":"Pod","future":{"a":[null]},"n":9007199254740991,"t":"2026-01-01T00:00:00Z","__proto__":{"x":1}}',
    )
  })

  it('finds undefined where the server says NotFound', async () => {
    api.reply(`GET ${web}`, failure(404, 'NotFound'), failure(404, 'NotFound'))
    await expect(client.resource(Pod).find('web')).resolves.toBeUndefined()
    expect(isNotFound(await caught(client.resource(Pod).get('web')))).toBe(true)
  })

  it.each([
    ['a 404 that is no Status: the kind may not be served', text('404 page not found\n', { status: 404 }), 404],
    ['a 403', failure(403, 'Forbidden'), 403],
  ])('find throws %s', async (_, answer, status) => {
    api.reply(`GET ${web}`, answer)
    const error = await kubeError('KUBE_API', client.resource(Pod).find('web'))
    expect(error.status).toBe(status)
  })

  it('find throws what discovery got, also a NotFound', async () => {
    api.always('GET /api', failure(404, 'NotFound'))
    api.always('GET /apis', failure(404, 'NotFound'))
    expect(await caught(client.resource('widgets').find('web'))).toMatchObject({
      message: expect.stringContaining('/apis'),
    })
  })

  it('lists with one request, and fills in what the items of built-in kinds lack', async () => {
    api.reply(
      'GET /api/v1/namespaces/default/pods?labelSelector=app%3Dweb&limit=2',
      json({
        kind: 'PodList',
        apiVersion: 'v1',
        metadata: { resourceVersion: '9', continue: 'c' },
        items: [{ metadata: { name: 'a' } }],
      }),
    )
    const list = await client.resource(Pod).list({ labelSelector: 'app=web', limit: 2 })
    expect(list.metadata).toEqual({ resourceVersion: '9', continue: 'c' })
    expect(list.items).toEqual([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }])
  })

  it.each([
    ['null, as old aggregated servers write an empty list', { items: null, metadata: {} }],
    ['absent', { metadata: {} }],
  ])('a list whose items are %s is empty', async (_, body) => {
    api.reply('GET /api/v1/nodes', json({ kind: 'NodeList', apiVersion: 'v1', ...body }))
    await expect(client.resource(Node).list()).resolves.toMatchObject({ items: [] })
  })

  it.each(['null', '[]', '"text"', '{"items":{}}', '{"items":[null]}', '{"items":["a"]}'])(
    'a list that is %s is a ProtocolError',
    async (body) => {
      api.reply('GET /api/v1/nodes', text(body))
      expect(await caught(client.resource(Node).list())).toMatchObject({ code: 'KUBE_PROTOCOL' })
    },
  )

  it.each(['null', '[]', '"text"', '7', 'true'])(
    'an answer %s where an object belongs is a ProtocolError',
    async (body) => {
      const pods = client.resource(Pod)
      const calls: [route: string, call: () => Promise<unknown>][] = [
        [`GET ${web}`, () => pods.get('web')],
        [`GET ${web}`, () => pods.metadata().get('web')],
        [`GET ${web}/status`, () => pods.subresource('status').get('web')],
        ['GET /api/v1/namespaces/default/pods', () => pods.table()],
        [`DELETE ${web}`, () => pods.delete('web')],
        ['DELETE /api/v1/namespaces/default/pods', () => pods.deleteCollection({ all: true })],
        ['POST /api/v1/namespaces/default/pods?fieldManager=kubeclient', () => pods.create({})],
        ['GET /version', () => client.version()],
      ]
      for (const [route, call] of calls) {
        api.reply(route, text(body))
        expect(await caught(call)).toMatchObject({ code: 'KUBE_PROTOCOL' })
      }
    },
  )

  it.each(['{"items":{}}', '{"items":[null]}', '{"kind":"Table","rows":{}}', '{"kind":"Table","rows":[null]}'])(
    'a table that is %s is a ProtocolError',
    async (body) => {
      api.reply('GET /api/v1/namespaces/default/pods', text(body))
      expect(await caught(client.resource(Pod).table())).toMatchObject({ code: 'KUBE_PROTOCOL' })
    },
  )

  it('discovery that is another shape says so, and not that the kind is missing', async () => {
    api.always('GET /api', text('"ok"'))
    api.always('GET /apis', text('null'))
    expect(await caught(client.resource('pods').get('web'))).toMatchObject({ code: 'KUBE_PROTOCOL' })
  })

  it('lists all namespaces, named at the resource or at the call', async () => {
    const empty = json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [] })
    api.reply('GET /api/v1/pods', empty, empty)
    await client.resource(Pod, { namespace: allNamespaces }).list()
    await client.resource(Pod, { namespace: 'x' }).list({ namespace: allNamespaces })
    expect(api.requests).toHaveLength(2)
  })

  it('makes metadata of whole objects, where a server or proxy does not', async () => {
    const whole = { ...storedPod('web'), spec: { secret: 'x' } }
    api.reply(`GET ${web}`, json(whole))
    api.reply('GET /api/v1/namespaces/default/pods', json({ kind: 'PodList', apiVersion: 'v1', items: [whole] }))
    const metadata = client.resource(Pod).metadata()
    await expect(metadata.get('web')).resolves.toEqual(storedPod('web'))
    expect((await metadata.list()).items).toEqual([storedPod('web')])
  })

  it('makes a table of a list, where a server or proxy does not', async () => {
    api.reply(
      'GET /api/v1/namespaces/default/pods',
      json({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '9' }, items: [storedPod('web')] }),
    )
    const table = await client.resource(Pod).table()
    expect(table).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '9' } })
    expect(table.columnDefinitions.map(({ name, format }) => [name, format])).toEqual([
      ['Name', 'name'],
      ['Created At', 'date'],
    ])
    expect(table.rows).toEqual([{ cells: ['web', '2026-01-01T00:00:00Z'], object: storedPod('web') }])
  })

  it('asks for metadata only, or for a table, by the accept header', async () => {
    api.reply(`GET ${web}`, json(storedPod('web')))
    api.reply('GET /api/v1/namespaces/default/pods', json({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', rows: [] }))
    await client.resource(Pod).metadata().get('web')
    await client.resource(Pod).table()
    expect(api.requests.map(({ headers }) => headers.accept?.split(';')[1])).toEqual([
      'as=PartialObjectMetadata',
      'as=Table',
    ])
  })
})

describe('writing', () => {
  it('creates, replaces, patches and applies', async () => {
    const answer = json(storedPod('web'))
    api.reply('POST /api/v1/namespaces/default/pods?fieldManager=kubeclient', answer)
    api.reply(`PUT ${web}?fieldManager=kubeclient`, answer)
    api.reply(`PATCH ${web}?fieldManager=kubeclient`, answer)
    api.reply(`PATCH ${web}?fieldManager=app&force=true`, answer)
    const pods = client.resource(Pod)
    await pods.create({ metadata: { name: 'web' } })
    await pods.replace({ metadata: { name: 'web' } })
    await pods.patch('web', { merge: { metadata: { labels: { a: 'b' } } } })
    await pods.apply({ metadata: { name: 'web' } }, { fieldManager: 'app', force: true })
    expect(api.requests.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      'application/json',
      'application/merge-patch+json',
      'application/apply-patch+yaml',
    ])
  })

  it('deletes, and tells the object from the Status', async () => {
    api.reply(
      `DELETE ${web}`,
      json(storedPod('web')),
      json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' }),
    )
    const pods = client.resource(Pod)
    expect(isStatus(await pods.delete('web'))).toBe(false)
    expect(isStatus(await pods.delete('web', { gracePeriodSeconds: 0 }))).toBe(true)
    expect(api.requests.map(({ body }) => body)).toEqual([
      '',
      '{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0}',
    ])
  })

  it('deletes a collection by a selector', async () => {
    api.reply(
      'DELETE /apis/apps/v1/namespaces/default/deployments?labelSelector=a',
      json({ kind: 'Status', apiVersion: 'v1' }),
    )
    await client.resource(Deployment).deleteCollection({ labelSelector: 'a' })
    expect(api.requests).toHaveLength(1)
  })
})

const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }
const first = async (source: AsyncIterable<unknown>): Promise<unknown> => source[Symbol.asyncIterator]().next()
const circle = (): DynamicObject => {
  const object: DynamicObject = {}
  object['self'] = object
  return object
}

describe('calls that cannot be meant send nothing, and ask no discovery', () => {
  it.each<[string, () => unknown]>([
    ['get without a name', () => client.resource('pods').get('')],
    ['find of ..', () => client.resource('pods').find('..')],
    ['delete of a path', () => client.resource('pods').delete('a/b')],
    ['delete of undefined', () => client.resource(Pod).delete(undefined as unknown as string)], // from JavaScript
    ['patch without a name', () => client.resource('pods').patch('', { merge: {} })],
    ['an empty namespace at the call', () => client.resource('pods').get('a', { namespace: '' })],
    ['an empty namespace at the resource', () => client.resource('pods', { namespace: '' }).list()],
    ['an empty namespace of the client', () => client.with({ namespace: '' }).resource(Pod).list()],
    ['a namespace that climbs', () => client.resource('pods').list({ namespace: '..' })],
    ['a subresource that climbs', () => client.resource('pods').subresource('../x')],
    ['a collection without a choice', () => client.resource('pods').deleteCollection({} as { all: true })], // from JavaScript
    [
      'a collection without options',
      () => client.resource('pods').deleteCollection(undefined as unknown as { all: true }),
    ],
    ['a watch in an empty namespace', async () => Array.fromAsync(client.resource('pods').watch({ namespace: '' }))],
    ['a watch of an empty name', async () => Array.fromAsync(client.resource(Pod).watch({ name: '' }))],
    ['a namespace for a kind that has none', () => client.resource(Node).get('n1', { namespace: 'x' })],
    ['create of nothing', () => client.resource(Pod).create(undefined as unknown as Pod)], // from JavaScript
    [
      'create in two namespaces',
      () => client.resource(Pod).create({ metadata: { namespace: 'a' } }, { namespace: 'b' }),
    ],
    ['create in all namespaces', () => client.resource(Pod, { namespace: allNamespaces }).create({})],
    ['a patch of two sorts', () => client.resource('pods').patch('a', { merge: {}, json: [] } as never)], // from JavaScript
    ['a patch of none', () => client.resource('pods').patch('a', {} as never)], // as above
    ['a JSON patch that is no list', () => client.resource('pods').patch('a', { json: {} } as never)], // as above
    ['a merge patch that is a list', () => client.resource('pods').patch('a', { merge: [] } as never)], // as above
    [
      'a subresource patch of none',
      () =>
        client
          .resource('pods')
          .subresource('status')
          .patch('a', {} as never),
    ], // as above
    ['replace without a name', () => client.resource('pods').replace({ metadata: { name: '' } })],
    ['apply without a name', () => client.resource('pods').apply({ metadata: { name: '' } })],
    ['replace of a path', () => client.resource('pods').replace({ metadata: { name: 'a/b' } })],
    ['create in a namespace that climbs', () => client.resource('pods').create({ metadata: { namespace: '..' } })],
    ['create of nothing, by name', () => client.resource('pods').create(undefined as never)], // as above
    ['create of a list', () => client.resource('pods').create([] as never)], // as above
    ['create of a circle', () => client.resource('pods').create(circle())],
    [
      'create of another kind than that of the reference',
      () => client.resource({ apiVersion: 'v1', kind: 'Pod' }).create({ apiVersion: 'v1', kind: 'Node' }),
    ],
    [
      'create in two namespaces, by name',
      () => client.resource('pods').create({ metadata: { namespace: 'a' } }, { namespace: 'b' }),
    ],
    ['a label selector that is none', () => client.resource('pods').list({ labelSelector: 'a b' })],
    ['a watch of a selector that is none', () => first(client.resource('pods').watch({ labelSelector: '=' }))],
    ['a table of a selector that is none', () => client.resource('pods').table({ labelSelector: '=' })],
    ['pages of a selector that is none', () => first(client.resource('pods').pages({ labelSelector: '=' }))],
    ['a watch of an empty name, by name', () => first(client.resource('pods').watch({ name: '' }))],
    ['half a character in a query', () => client.resource('pods').list({ query: { a: '\ud800' } })],
    [
      'an order without a body',
      () =>
        client
          .resource('pods')
          .subresource('eviction')
          .create('a', undefined as never),
    ], // as above
    [
      'a part without a body',
      () =>
        client
          .resource('pods')
          .subresource('scale')
          .replace('a', null as never),
    ], // as above
    [
      'a part that is text',
      () =>
        client
          .resource('pods')
          .subresource('scale')
          .apply('a', 'x' as never),
    ], // as above
    ['an empty namespace for with()', () => client.with({ namespace: '' })],
    [
      'a manifest in a namespace that climbs',
      () => client.get({ ...manifest, metadata: { name: 'a', namespace: '..' } }),
    ],
    ['a descriptor without its scope', () => client.resource({ ...manifest, resource: 'pods' } as never)], // as above
    ['a timeoutMs that is no number', () => client.resource('pods').get('a', { timeoutMs: Number.NaN })],
    ['a timeoutMs in the past', () => client.resource('pods').list({ timeoutMs: -1 })],
    ['a timeoutMs of a watch that is no number', () => first(client.resource('pods').watch({ timeoutMs: Number.NaN }))],
    ['a timeoutMs that is text', () => client.version({ timeoutMs: '5' as never })], // as above
  ])('%s', async (_, call) => {
    expect(await caught(call)).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
    expect(api.requests).toEqual([])
  })
})

describe('a deleted collection', () => {
  it('has the kind of each of its objects filled in, as a list has', async () => {
    api.reply(
      'DELETE /apis/apps/v1/namespaces/default/deployments?labelSelector=a',
      json({ kind: 'DeploymentList', apiVersion: 'apps/v1', metadata: {}, items: [{ metadata: { name: 'a' } }] }),
    )
    await expect(client.resource(Deployment).deleteCollection({ labelSelector: 'a' })).resolves.toMatchObject({
      items: [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } }],
    })
  })

  it('has metadata only, where that was asked for', async () => {
    api.reply(
      'DELETE /api/v1/namespaces/default/pods',
      json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [{ metadata: { name: 'a' }, spec: {} }] }),
    )
    const gone = await client.resource(Pod).metadata().deleteCollection({ all: true })
    expect(isStatus(gone) ? [] : gone.items).toEqual([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }])
  })
})

describe('subresources', () => {
  it('are read and written below their object', async () => {
    const scale = { kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 3 } }
    const path = '/apis/apps/v1/namespaces/default/deployments/web/scale'
    api.reply(`GET ${path}`, json(scale))
    api.reply(`PUT ${path}?fieldManager=kubeclient`, json(scale))
    api.reply(`PATCH ${path}?fieldManager=kubeclient`, json(scale), json(scale))
    const handle = client.resource(Deployment).subresource('scale')
    await expect(handle.get('web')).resolves.toEqual(scale)
    await handle.replace('web', { spec: { replicas: 3 } })
    await handle.patch('web', { merge: { spec: { replicas: 3 } } })
    await handle.apply('web', { spec: { replicas: 3 } })
    const [, put, , apply] = api.requests.map(({ body }) => body && JSON.parse(body))
    const filledIn = {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas: 3 },
    }
    expect(put).toEqual(filledIn)
    expect(apply).toEqual(filledIn)
  })

  it.each([
    ['eviction', { apiVersion: 'policy/v1', kind: 'Eviction' }],
    ['binding', { apiVersion: 'v1', kind: 'Binding' }],
    ['token', { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' }],
    ['other', { apiVersion: 'v1', kind: 'Pod' }],
  ])('an order %s has its kind, name and namespace filled in', async (name, kind) => {
    api.reply(`POST ${web}/${name}?fieldManager=kubeclient`, json({}))
    await client.resource(Pod).subresource(name).create('web', {})
    expect(JSON.parse(api.requests[0]?.body ?? '')).toEqual({
      ...kind,
      metadata: { name: 'web', namespace: 'default' },
    })
  })

  it('status has the kind of its object, and keeps what was given', async () => {
    api.reply(`PUT ${web}/status?fieldManager=kubeclient`, json(storedPod('web')))
    await client
      .resource(Pod)
      .subresource('status')
      .replace('web', { metadata: { resourceVersion: '7' }, status: { phase: 'Running' } })
    expect(JSON.parse(api.requests[0]?.body ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'default', resourceVersion: '7' },
      status: { phase: 'Running' },
    })
  })
})
