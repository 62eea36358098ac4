import { describe, expect, it } from 'vitest'
import { createDiscovery, type KindDiscovery } from '../../src/discovery/create-discovery.ts'
import { caught, kubeError } from '../support/caught.ts'
import { aggregated, apiError, legacy, Recorded } from './recorded.ts'

function over(server: Recorded): KindDiscovery {
  return createDiscovery({ fetch: server.fetch, now: () => 0, server: new URL('https://k8s.test') })
}

const halfDown = {
  ...legacy,
  '/apis/autoscaling/v1': apiError('/apis/autoscaling/v1', 503),
  '/apis/apps/v1': apiError('/apis/apps/v1', 503),
}

describe('resolve', () => {
  it('is one load for 100 concurrent callers', async () => {
    const server = new Recorded(aggregated)
    const discovery = over(server)
    expect(discovery.loaded).toBe(false)
    const all = await Promise.all(Array.from({ length: 100 }, () => discovery.resolve('deploy')))
    expect(new Set(all).size).toBe(1)
    expect(server.asked).toHaveLength(2)
    expect(discovery.loaded).toBe(true)
  })

  it('a load that failed is not remembered', async () => {
    const server = new Recorded({ '/apis': apiError('/apis', 500) })
    const discovery = over(server)
    expect(await caught(discovery.resolve('pods'))).toMatchObject({ status: 500 })
    server.documents = aggregated
    await expect(discovery.resolve('pods')).resolves.toMatchObject({ kind: 'Pod' })
  })

  it('what is not served is a NoMatchError that names it and helps', async () => {
    const error = await kubeError('KUBE_NO_MATCH', over(new Recorded(aggregated)).resolve('widgets'))
    expect(error.ref).toBe('widgets')
    expect(error.message).toBe(
      'the server has no "widgets" (is its CustomResourceDefinition installed, and the name spelled right?)',
    )
  })

  it('what is served elsewhere is a NoMatchError that says where', async () => {
    const error = await kubeError(
      'KUBE_NO_MATCH',
      over(new Recorded(aggregated)).resolve({ apiVersion: 'extensions/v1beta1', kind: 'Deployment' }),
    )
    expect(error.message).toBe('the server has no "extensions/v1beta1 Deployment", but deployments in apps/v1')
  })

  it('a name that would forge a line of a log is quoted', async () => {
    const error = await kubeError('KUBE_NO_MATCH', over(new Recorded(aggregated)).resolve('a\nERROR b'))
    expect(error.message).not.toContain('\n')
  })
})

describe('a version that does not answer', () => {
  it.each(['widgets', 'deployments', 'deploy.apps', 'hpa.v1.autoscaling', 'things.autoscaling'])(
    '%s could be in it, so a DiscoveryError says what is not known',
    async (ref) => {
      const error = await kubeError('KUBE_DISCOVERY', over(new Recorded(halfDown)).resolve(ref))
      expect(error.groupVersions).toEqual(['apps/v1', 'autoscaling/v1'])
      expect(error.message).toContain(JSON.stringify(ref))
      expect(error.message).toContain('apps/v1, autoscaling/v1')
      expect(await caught(over(new Recorded(halfDown)).has(ref))).toMatchObject({ code: 'KUBE_DISCOVERY' })
    },
  )

  it.each(['widgets.events.k8s.io', 'pods.v2.apps', 'widgets.v1'])('%s could not be in it', async (ref) => {
    expect(await caught(over(new Recorded(halfDown)).resolve(ref))).toMatchObject({ code: 'KUBE_NO_MATCH' })
    await expect(over(new Recorded(halfDown)).has(ref)).resolves.toBe(false)
  })

  it('what others serve is found', async () => {
    const discovery = over(new Recorded(halfDown))
    await expect(discovery.resolve('pods')).resolves.toMatchObject({ kind: 'Pod' })
    await expect(discovery.has('hpa')).resolves.toBe(true)
    await expect(discovery.resolve('hpa')).resolves.toMatchObject({ version: 'v2' })
  })

  it('makes resources() an error, unless another group is asked for', async () => {
    const discovery = over(new Recorded(halfDown))
    const error = await kubeError('KUBE_DISCOVERY', discovery.resources())
    expect(error.groupVersions).toEqual(['apps/v1', 'autoscaling/v1'])
    expect(await discovery.resources({ group: 'events.k8s.io' })).toHaveLength(1)
    expect(await kubeError('KUBE_DISCOVERY', discovery.resources({ group: 'apps' }))).toMatchObject({
      groupVersions: ['apps/v1'],
    })
  })
})

describe('resources', () => {
  it.each([
    [{}, 12],
    [{ group: '' }, 7],
    [{ group: 'autoscaling' }, 2],
    [{ namespaced: false }, 2],
    [{ category: 'all', group: '' }, 2],
    [{ verb: 'watch', group: 'apps' }, 2],
    [{ verb: 'fly' }, 0],
    [{ group: undefined, verb: undefined }, 12],
  ])('%j are %d', async (filter, count) => {
    expect(await over(new Recorded(aggregated)).resources(filter)).toHaveLength(count)
  })

  it('groups have their versions in the order of preference', async () => {
    const groups = await over(new Recorded(legacy)).groups()
    expect(groups.find(({ name }) => name === 'autoscaling')).toEqual({
      name: 'autoscaling',
      preferredVersion: 'v2',
      versions: ['v2', 'v1'],
    })
  })
})

const index = (hash: string): object => ({
  paths: {
    'apis/apps/v1': { serverRelativeURL: `/openapi/v3/apis/apps/v1?hash=${hash}` },
    'api/v1': { serverRelativeURL: `/openapi/v3/api/v1?hash=${hash}` },
  },
})

describe('openApi', () => {
  const document = { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.37' }, paths: {} }

  it('is read once for each hash', async () => {
    const server = new Recorded({ '/openapi/v3': index('A'), '/openapi/v3/apis/apps/v1?hash=A': document })
    const discovery = over(server)
    await expect(discovery.openApi('apps/v1')).resolves.toEqual(document)
    await discovery.openApi('apps/v1')
    expect(server.asked.filter((path) => path.includes('hash'))).toHaveLength(1)
    server.documents = {
      '/openapi/v3': index('B'),
      '/openapi/v3/apis/apps/v1?hash=B': { ...document, openapi: '3.1.0' },
    }
    await expect(discovery.openApi('apps/v1')).resolves.toMatchObject({ openapi: '3.1.0' })
  })

  it('of the core group stands under another name', async () => {
    const server = new Recorded({ '/openapi/v3': index('A'), '/openapi/v3/api/v1?hash=A': document })
    await expect(over(server).openApi('v1')).resolves.toEqual(document)
  })

  it.each(['apps/v9', '__proto__', ''])('of %j is a NoMatchError', async (groupVersion) => {
    const error = await kubeError(
      'KUBE_NO_MATCH',
      over(new Recorded({ '/openapi/v3': index('A') })).openApi(groupVersion),
    )
    expect(error.ref).toBe(groupVersion)
  })

  it.each(['https://evil.test/x', '//evil.test/x', 'x', String.raw`\\evil.test`])(
    'named by %j is a ProtocolError',
    async (url) => {
      const server = new Recorded({ '/openapi/v3': { paths: { 'api/v1': { serverRelativeURL: url } } } })
      expect(await caught(over(server).openApi('v1'))).toMatchObject({ code: 'KUBE_PROTOCOL' })
      expect(server.asked).toEqual(['/openapi/v3'])
    },
  )

  it.each([null, [], {}, { openapi: 3 }])('that is %j is a ProtocolError', async (json) => {
    const server = new Recorded({ '/openapi/v3': index('A'), '/openapi/v3/api/v1?hash=A': json })
    expect(await caught(over(server).openApi('v1'))).toMatchObject({ code: 'KUBE_PROTOCOL' })
  })
})
