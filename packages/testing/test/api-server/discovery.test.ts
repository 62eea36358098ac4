import { expect, describe, it } from 'vitest'
import { startApiServer } from '../../src/index.ts'
import { apiOf, type Json } from './call-api.ts'

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

function names(list: Json | undefined): unknown {
  return (list as unknown as { name: string }[]).map(({ name }) => name)
}

describe('discovery', () => {
  it('lists everything in two requests', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)

    const [core, groups] = await Promise.all(
      ['/api', '/apis'].map((path) => api('GET', path, { headers: { accept: aggregated } })),
    )

    expect(core?.headers['content-type']).toBe(aggregated)
    expect(core?.text).toContain('"resource":"pods","responseKind":{"group":"","version":"","kind":"Pod"}')
    expect(groups?.text).toContain('"resource":"deployments"')
    expect(groups?.text).not.toContain('"resource":"pods"')
  })

  it('answers 304 to a client that has the same already', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    const { headers } = await api('GET', '/apis', { headers: { accept: aggregated } })

    const again = await api('GET', '/apis', {
      headers: { accept: aggregated, 'if-none-match': headers.etag ?? '' },
    })

    expect([again.status, again.text]).toEqual([304, ''])
  })

  it('has the legacy documents', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)

    expect((await api('GET', '/api')).json).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
    expect(names((await api('GET', '/apis')).json['groups'])).toContain('apps')
    expect((await api('GET', '/apis/autoscaling')).json).toMatchObject({
      kind: 'APIGroup',
      preferredVersion: { version: 'v2' },
      versions: [{ version: 'v2' }, { version: 'v1' }],
    })
    expect(names((await api('GET', '/apis/apps/v1')).json['resources'])).toEqual(
      expect.arrayContaining(['deployments', 'deployments/scale', 'deployments/status']),
    )
  })

  it('has only the legacy documents when it plays an old server', async () => {
    await using server = await startApiServer({ aggregatedDiscovery: false })
    const api = apiOf(server.config)

    const mixed = await api('GET', '/apis', { headers: { accept: `${aggregated},application/json` } })
    const only = await api('GET', '/apis', { headers: { accept: aggregated } })

    expect(mixed.json).toMatchObject({ kind: 'APIGroupList' })
    expect(only.status).toBe(406)
  })

  it('answers 404 as text for a group it does not have, and as a Status for a resource', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)

    expect(await api('GET', '/apis/nope.io/v1/things')).toMatchObject({ status: 404, text: '404 page not found\n' })
    expect((await api('GET', '/apis/apps/v1/nope')).json).toMatchObject({
      kind: 'Status',
      reason: 'NotFound',
      code: 404,
    })
  })

  it('answers 405 for methods that are not there, and 406 for types that nobody serves', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)

    expect((await api('POST', '/api/v1')).json).toMatchObject({ reason: 'MethodNotAllowed', code: 405 })
    expect((await api('DELETE', '/api/v1/namespaces')).json).toMatchObject({ code: 405 })
    expect((await api('POST', '/api/v1/configmaps', { body: {} })).json).toMatchObject({ code: 405 })
    expect((await api('GET', '/api/v1/pods', { headers: { accept: 'text/html' } })).json).toMatchObject({
      reason: 'NotAcceptable',
      code: 406,
    })
  })

  it('answers what it does not have with 501 and where to find it', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)

    const { status, json } = await api('GET', '/openapi/v3')

    expect(status).toBe(501)
    expect(json['message']).toMatch(/does not support OpenAPI documents; .*startControlPlane/)
  })
})
