import { describe, expect, it } from 'vitest'
import { discover } from '../../src/discovery/discover.ts'
import { isAggregated } from '../../src/discovery/parse-aggregated.ts'
import { ProtocolError, type ResourceInfo, TransportError } from '../../src/spec/index.ts'
import { caught, kubeError } from '../support/caught.ts'
import { aggregated, apiError, legacy, Recorded } from './recorded.ts'

const byName = ({ apiVersion, resource }: ResourceInfo): string => `${apiVersion} ${resource}`

/** In one order, as servers list subresources and verbs in either. */
function sorted(resources: readonly ResourceInfo[]): unknown[] {
  return resources
    .map((info) => ({
      ...info,
      verbs: info.verbs.toSorted(),
      subresources: info.subresources
        .map((sub) => ({ ...sub, verbs: sub.verbs.toSorted() }))
        .toSorted((a, b) => a.name.localeCompare(b.name)),
    }))
    .toSorted((a, b) => byName(a).localeCompare(byName(b)))
}

describe('a server that aggregates its discovery', () => {
  it('is asked twice', async () => {
    const server = new Recorded(aggregated)
    await discover(server.fetch)
    expect(server.asked).toEqual(['/api', '/apis'])
  })

  it('says of each resource all that there is to know', async () => {
    const { resources, groups, failed } = await discover(new Recorded(aggregated).fetch)
    expect(failed).toEqual([])
    expect(groups).toEqual([
      { name: '', preferredVersion: 'v1', versions: ['v1'] },
      { name: 'apps', preferredVersion: 'v1', versions: ['v1'] },
      { name: 'events.k8s.io', preferredVersion: 'v1', versions: ['v1'] },
      { name: 'autoscaling', preferredVersion: 'v2', versions: ['v2', 'v1'] },
    ])
    expect(resources.find(({ resource }) => resource === 'deployments')).toEqual({
      group: 'apps',
      version: 'v1',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      resource: 'deployments',
      singular: 'deployment',
      namespaced: true,
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
      subresources: [
        { name: 'scale', apiVersion: 'autoscaling/v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
        { name: 'status', apiVersion: 'apps/v1', kind: 'Deployment', verbs: ['get', 'patch', 'update'] },
      ],
    })
    const pods = resources.find(({ resource }) => resource === 'pods')
    expect(pods).toMatchObject({ group: '', apiVersion: 'v1', singular: 'pod', shortNames: ['po'] })
    expect(pods?.subresources.find(({ name }) => name === 'eviction')).toMatchObject({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
    })
  })

  it('says the same as it does without', async () => {
    const one = await discover(new Recorded(aggregated).fetch)
    const other = await discover(new Recorded(legacy).fetch)
    expect(sorted(one.resources)).toEqual(sorted(other.resources))
    expect(one.groups.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
      other.groups.toSorted((a, b) => a.name.localeCompare(b.name)),
    )
  })

  it.each([
    ['/api', ['/api', '/apis', '/api/v1']],
    [
      '/apis',
      ['/api', '/apis', '/apis/apps/v1', '/apis/events.k8s.io/v1', '/apis/autoscaling/v2', '/apis/autoscaling/v1'],
    ],
  ])('in all but %s loses nothing', async (path, asked) => {
    const server = new Recorded({ ...legacy, ...aggregated, [path]: legacy[path] })
    const found = await discover(server.fetch)
    expect(sorted(found.resources)).toEqual(sorted((await discover(new Recorded(legacy).fetch)).resources))
    expect(server.asked.toSorted()).toEqual(asked.toSorted())
  })

  it('and calls a version stale is believed in what it says, and not in what it does not', async () => {
    const list = {
      kind: 'APIGroupDiscoveryList',
      items: [
        {
          metadata: { name: 'metrics.k8s.io' },
          versions: [
            { version: 'v1', freshness: 'Current', resources: [] },
            {
              version: 'v1beta1',
              freshness: 'Stale',
              resources: [
                { resource: 'nodes', responseKind: { kind: 'NodeMetrics' }, scope: 'Cluster', verbs: ['get'] },
              ],
            },
          ],
        },
        { metadata: { name: 'gone.example.com' }, versions: [{ version: 'v1', freshness: 'Stale' }] },
      ],
    }
    const { groups, resources, failed } = await discover(new Recorded({ '/apis': list }).fetch)
    expect(failed).toEqual(['metrics.k8s.io/v1beta1', 'gone.example.com/v1'])
    expect(groups).toEqual([{ name: 'metrics.k8s.io', preferredVersion: 'v1', versions: ['v1'] }])
    expect(resources.map(byName)).toEqual(['metrics.k8s.io/v1beta1 nodes'])
  })

  it.each([
    ['application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', true],
    ['application/json; as=APIGroupDiscoveryList; v=v2; charset=utf-8', true],
    ['application/json', false],
    ['application/json;as=APIGroupDiscoveryListV3', false],
    [undefined, false],
  ])('says so by the content type %s: %s', (contentType, is) => {
    expect(isAggregated(contentType)).toBe(is)
  })
})

describe('a server that does not', () => {
  it('is asked for each version besides', async () => {
    const server = new Recorded(legacy)
    await discover(server.fetch)
    expect(server.asked.toSorted()).toEqual(Object.keys(legacy).toSorted())
  })

  it.each([
    ['a 503', apiError('/apis/autoscaling/v1', 503)],
    ['a 404', apiError('/apis/autoscaling/v1', 404)],
    ['what is no JSON', new ProtocolError('HTML came')],
  ])('and answers a version with %s: the others count', async (_, failure) => {
    const { resources, failed } = await discover(new Recorded({ ...legacy, '/apis/autoscaling/v1': failure }).fetch)
    expect(failed).toEqual(['autoscaling/v1'])
    expect(resources.map(byName)).toContain('autoscaling/v2 horizontalpodautoscalers')
    expect(resources.map(byName)).not.toContain('autoscaling/v1 horizontalpodautoscalers')
  })

  it('and is lost half way is an error as it is', async () => {
    const lost = new TransportError('reset', { request: { method: 'GET', url: 'https://k8s.test/' } })
    await expect(caught(discover(new Recorded({ ...legacy, '/apis/apps/v1': lost }).fetch))).resolves.toBe(lost)
  })
})

describe('a server without', () => {
  it('/api has groups all the same', async () => {
    const { groups } = await discover(new Recorded({ '/apis': aggregated['/apis'] }).fetch)
    expect(groups.map(({ name }) => name)).toEqual(['apps', 'events.k8s.io', 'autoscaling'])
  })

  it('/apis is none of Kubernetes, which is not known to lack a kind', async () => {
    const error = await kubeError('KUBE_DISCOVERY', discover(new Recorded({ '/api': aggregated['/api'] }).fetch))
    expect(error.message).toContain('/apis')
    expect(error.cause).toMatchObject({ status: 404 })
  })

  it.each([401, 403, 500])('rights to it, %d, is an ApiError as it is', async (status) => {
    const failure = apiError('/apis', status)
    await expect(caught(discover(new Recorded({ ...legacy, '/apis': failure }).fetch))).resolves.toBe(failure)
  })
})

describe('hostile documents', () => {
  const nasty: unknown[] = [
    null,
    [],
    7,
    'text',
    {},
    { items: 7 },
    { items: [null, 7, {}] },
    { groups: [null, { versions: 7 }] },
  ]
  it.each(nasty)('%j are read as empty', async (document) => {
    for (const kind of ['APIGroupDiscoveryList', 'APIGroupList']) {
      const marked =
        typeof document === 'object' && document !== null && !Array.isArray(document) ? { ...document, kind } : document
      const found = await discover(new Recorded({ '/api': marked, '/apis': marked }).fetch)
      expect(found.resources).toEqual([])
    }
  })

  it('resources of other shapes do no harm', async () => {
    const list = {
      kind: 'APIGroupDiscoveryList',
      items: [
        {
          metadata: { name: '__proto__' },
          versions: [
            {
              version: 'v1',
              resources: [
                null,
                { resource: 7, responseKind: { kind: 'A' } },
                {
                  resource: 'things',
                  responseKind: { kind: 'Thing' },
                  verbs: 'get',
                  shortNames: [null, 'th'],
                  subresources: {},
                },
              ],
            },
          ],
        },
      ],
    }
    const { resources } = await discover(new Recorded({ '/apis': list }).fetch)
    const things = resources.find(({ resource }) => resource === 'things')
    expect(things).toMatchObject({
      group: '__proto__',
      verbs: [],
      shortNames: ['th'],
      subresources: [],
      namespaced: false,
    })
    for (const { resource } of resources) expect(resource).not.toBe('')
  })
})
