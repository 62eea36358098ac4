import { describe, expect, it } from 'vitest'
import { startApiServer } from '../../src/index.ts'
import { apiOf, metadataText, type CallResult, type Json } from './call-api.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'
const objects = ['a', 'b', 'c', 'd'].map((name) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { name } },
}))

function namesIn({ json }: CallResult): unknown {
  return (json['items'] as unknown as Json[]).map((item) => item['metadata']?.['name'])
}

describe('list', () => {
  it('has items without apiVersion and kind, as built-in kinds have', async () => {
    await using server = await startApiServer({ objects })

    const { json } = await apiOf(server.config)('GET', configMaps)

    expect(json).toMatchObject({
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: expect.any(String) },
    })
    expect(Object.keys(json['items']?.[0] ?? {})).toEqual(['metadata'])
  })

  it('selects by labels and by fields', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { nodeName: 'n1' },
      status: { phase: 'Running' },
    }
    await using server = await startApiServer({ objects: [...objects, pod] })
    const api = apiOf(server.config)

    expect(namesIn(await api('GET', `${configMaps}?labelSelector=name%20in%20(a,c)`))).toEqual(['a', 'c'])
    expect(namesIn(await api('GET', `${configMaps}?fieldSelector=metadata.name!%3Da`))).toEqual(['b', 'c', 'd'])
    expect(namesIn(await api('GET', '/api/v1/pods?fieldSelector=spec.nodeName%3Dn1,status.phase%3DRunning'))).toEqual([
      'p',
    ])
    expect(namesIn(await api('GET', '/api/v1/pods?fieldSelector=spec.nodeName%3D'))).toEqual([])
  })

  it.each([
    ['labelSelector=a%20in', "unable to parse requirement: found '' expected: '('"],
    ['fieldSelector=foo%3Dbar', '"foo" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    ['fieldSelector=foo', "invalid selector: 'foo'; can't understand 'foo'"],
    ['limit=x', 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['continue=abc', 'invalid continue token'],
    ['resourceVersion=abc', 'invalid resource version: resourceVersion: Invalid value: "abc"'],
  ])('answers 400 to %s', async (query, message) => {
    await using server = await startApiServer()

    const { status, json } = await apiOf(server.config)('GET', `${configMaps}?${query}`)

    expect(status).toBe(400)
    expect(json['message']).toContain(message)
  })

  it.each([
    ['resourceVersionMatch=Exact', 'forbidden unless resourceVersion is provided'],
    ['resourceVersion=1&resourceVersionMatch=Other', 'Unsupported value: "Other"'],
    ['resourceVersion=0&resourceVersionMatch=Exact', 'forbidden for resourceVersion "0"'],
    ['sendInitialEvents=true', 'sendInitialEvents is forbidden for list'],
  ])('answers 422 to %s', async (query, message) => {
    await using server = await startApiServer()

    const { status, json } = await apiOf(server.config)('GET', `${configMaps}?${query}`)

    expect(status).toBe(422)
    expect(json['message']).toContain(message)
  })

  it('comes in pages that all show the state of the first', async () => {
    await using server = await startApiServer({ objects })
    const api = apiOf(server.config)
    const first = await api('GET', `${configMaps}?limit=2`)
    await api('DELETE', `${configMaps}/d`)
    await api('POST', configMaps, { body: { metadata: { name: 'e' } } })

    const second = await api('GET', `${configMaps}?limit=2&continue=${metadataText(first, 'continue')}`)

    expect([namesIn(first), first.json['metadata']?.['remainingItemCount']]).toEqual([['a', 'b'], 2])
    expect(namesIn(second)).toEqual(['c', 'd'])
    expect(second.json['metadata']).toEqual({ resourceVersion: first.json['metadata']?.['resourceVersion'] })
  })

  it('does not count what remains of a selection', async () => {
    await using server = await startApiServer({ objects })

    const { json } = await apiOf(server.config)('GET', `${configMaps}?limit=1&labelSelector=name`)

    expect(json['metadata']).not.toHaveProperty('remainingItemCount')
  })

  it('gives an expired page 410 and a token to go on with', async () => {
    await using server = await startApiServer({ objects })
    const api = apiOf(server.config)
    const first = await api('GET', `${configMaps}?limit=2`)
    server.compact()

    const expired = await api('GET', `${configMaps}?limit=2&continue=${metadataText(first, 'continue')}`)
    const rest = await api('GET', `${configMaps}?limit=2&continue=${metadataText(expired, 'continue')}`)

    expect(expired.json).toMatchObject({ reason: 'Expired', code: 410 })
    expect(namesIn(rest)).toEqual(['c', 'd'])
  })

  it('shows the past exactly, until it is compacted', async () => {
    await using server = await startApiServer({ objects })
    const api = apiOf(server.config)
    const now = await api('GET', configMaps)
    const exactly = `resourceVersion=${metadataText(now, 'resourceVersion')}&resourceVersionMatch=Exact`
    await api('DELETE', configMaps)

    expect(namesIn(await api('GET', `${configMaps}?${exactly}`))).toEqual(['a', 'b', 'c', 'd'])
    server.compact()
    expect((await api('GET', `${configMaps}?${exactly}`)).json).toMatchObject({
      message: 'The resourceVersion for the provided list is too old.',
      code: 410,
    })
  })

  it('answers 504 for a version from the future', async () => {
    await using server = await startApiServer()

    const { json, headers } = await apiOf(server.config)('GET', `${configMaps}?resourceVersion=99999999`)

    expect(json).toMatchObject({
      reason: 'Timeout',
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
      code: 504,
    })
    expect(headers['retry-after']).toBe('1')
  })

  it('is compressed when it is large and the client takes it', async () => {
    const data = { x: 'a'.repeat(200_000) }
    const large = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'large' }, data }
    await using server = await startApiServer({ objects: [large] })

    const { headers } = await apiOf(server.config)('GET', configMaps, { headers: { 'accept-encoding': 'gzip' } })

    expect(headers['content-encoding']).toBe('gzip')
  })
})

describe('other shapes', () => {
  const metadata = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
  const metadataList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
  const table = 'application/json;as=Table;g=meta.k8s.io;v=v1'

  it('have metadata only', async () => {
    await using server = await startApiServer({ objects })
    const api = apiOf(server.config)

    expect((await api('GET', `${configMaps}/a`, { headers: { accept: metadata } })).json).toMatchObject({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'a' },
    })
    expect((await api('GET', configMaps, { headers: { accept: metadataList } })).json).toMatchObject({
      kind: 'PartialObjectMetadataList',
      items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'a' } }, {}, {}, {}],
    })
    expect((await api('GET', configMaps, { headers: { accept: metadata } })).status).toBe(406)
  })

  it('are rows', async () => {
    await using server = await startApiServer({ objects })
    const api = apiOf(server.config)

    const { json } = await api('GET', `${configMaps}?limit=1`, { headers: { accept: `${table},application/json` } })
    const bare = await api('GET', `${configMaps}/a?includeObject=None`, { headers: { accept: table } })

    expect(json).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }, { name: 'Age' }],
      rows: [{ cells: ['a', expect.any(String)], object: { kind: 'PartialObjectMetadata' } }],
    })
    expect(bare.json['rows']?.[0]).toMatchObject({ object: null })
  })
})
