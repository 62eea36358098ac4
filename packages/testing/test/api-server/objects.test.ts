import { describe, expect, it } from 'vitest'
import { startApiServer } from '../../src/index.ts'
import { apiOf, jsonPatchType, mergePatchType } from './call-api.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'
const deployments = '/apis/apps/v1/namespaces/default/deployments'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: { replicas: 2, selector: { matchLabels: { app: 'd' } } },
}

describe('create', () => {
  it('answers 201 with what the server adds', async () => {
    await using server = await startApiServer()

    const { status, json } = await apiOf(server.config)('POST', configMaps, {
      body: { metadata: { name: 'a' }, data: { x: '1' } },
      headers: { 'user-agent': 'tester/1.0' },
    })

    expect(status).toBe(201)
    expect(json).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        name: 'a',
        namespace: 'default',
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        resourceVersion: expect.stringMatching(/^\d+$/),
        creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        managedFields: [expect.objectContaining({ manager: 'tester', operation: 'Update' })],
      },
      data: { x: '1' },
    })
  })

  it('completes generateName', async () => {
    await using server = await startApiServer()

    const { json } = await apiOf(server.config)('POST', configMaps, { body: { metadata: { generateName: 'g-' } } })

    expect(json['metadata']?.['name']).toMatch(/^g-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  it('refuses a second object of the name', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', configMaps, { body: { metadata: { name: 'a' } } })

    expect((await api('POST', configMaps, { body: { metadata: { name: 'a' } } })).json).toMatchObject({
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
      details: { name: 'a', kind: 'configmaps' },
      code: 409,
    })
  })

  it.each([
    [{}, 422, 'metadata.name: Required value: name or generateName is required'],
    [{ metadata: { name: 'Bad_Name' } }, 422, 'a lowercase RFC 1123 subdomain must consist of'],
    [{ metadata: { name: 'a', labels: { 'a b': 'c' } } }, 422, 'metadata.labels: Invalid value: "a b"'],
    [{ metadata: { name: 'a', finalizers: ['x'] } }, 422, 'metadata.finalizers[0]: Invalid value: "x"'],
    [{ metadata: { name: 'a', namespace: 'other' } }, 400, 'does not match the namespace sent on the request'],
    [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }, 400, 'converting (v1.Secret) to (core.ConfigMap)'],
    [{ apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'a' } }, 400, 'no kind "ConfigMap" is registered'],
    [{ metadata: { name: 5 } }, 400, 'cannot unmarshal number into Go struct field ObjectMeta.metadata.name'],
    [{ metadata: { name: 'a' }, data: { x: 1 } }, 400, 'cannot unmarshal number into Go struct field ConfigMap.data'],
    [{ metadata: { name: 'a', resourceVersion: '1' } }, 500, 'resourceVersion should not be set'],
  ])('refuses %j', async (body, status, message) => {
    await using server = await startApiServer()

    const answer = await apiOf(server.config)('POST', configMaps, { body })

    expect(answer.status).toBe(status)
    expect(answer.json['message']).toContain(message)
  })

  it('needs the namespace', async () => {
    await using server = await startApiServer()

    const { json } = await apiOf(server.config)('POST', '/api/v1/namespaces/nope/configmaps', {
      body: { metadata: { name: 'a' } },
    })

    expect(json).toMatchObject({ code: 404, message: 'namespaces "nope" not found' })
  })

  it('keeps nothing of a dry run', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)

    expect((await api('POST', `${configMaps}?dryRun=All`, { body: { metadata: { name: 'a' } } })).status).toBe(201)
    expect((await api('GET', `${configMaps}/a`)).status).toBe(404)
    expect((await api('POST', `${configMaps}?dryRun=Some`, { body: { metadata: { name: 'a' } } })).status).toBe(422)
  })

  it('moves the stringData of a Secret into its data', async () => {
    await using server = await startApiServer()

    const { json } = await apiOf(server.config)('POST', '/api/v1/namespaces/default/secrets', {
      body: { metadata: { name: 's' }, stringData: { password: 'secret' } },
    })

    expect(json).toMatchObject({ type: 'Opaque', data: { password: 'c2VjcmV0' } })
    expect(json).not.toHaveProperty('stringData')
  })
})

describe('replace', () => {
  it('counts generations of the spec, not of metadata and status', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', deployments, { body: deployment })
    const generationAfter = async (path: string, body: object): Promise<unknown> =>
      (await api('PATCH', path, { body, headers: mergePatchType })).json['metadata']?.['generation']

    expect(await generationAfter(`${deployments}/d`, { metadata: { labels: { a: 'b' } } })).toBe(1)
    expect(await generationAfter(`${deployments}/d/status`, { status: { replicas: 1 } })).toBe(1)
    expect(await generationAfter(`${deployments}/d`, { spec: { replicas: 3 } })).toBe(2)
  })

  it('refuses a version that is not the latest', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    const created = await api('POST', configMaps, { body: { metadata: { name: 'a' } } })
    await api('PUT', `${configMaps}/a`, { body: { metadata: { name: 'a' }, data: { x: '1' } } })

    const { json } = await api('PUT', `${configMaps}/a`, { body: created.json })

    expect(json).toMatchObject({
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      code: 409,
    })
  })

  it('writes nothing when nothing changes', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    const created = await api('POST', configMaps, { body: { metadata: { name: 'a' }, data: { x: '1' } } })

    const { json } = await api('PUT', `${configMaps}/a`, { body: created.json })

    expect(json).toEqual(created.json)
  })

  it('does not create', async () => {
    await using server = await startApiServer()

    const { json } = await apiOf(server.config)('PUT', `${configMaps}/a`, { body: { metadata: { name: 'a' } } })

    expect(json).toMatchObject({ code: 404, message: 'configmaps "a" not found' })
  })

  it.each([
    [{ name: 'b' }, 400, 'the name of the object (b) does not match the name on the URL (a)'],
    [{}, 400, 'name must be provided'],
    [{ name: 'a', uid: 'other' }, 409, 'Precondition failed: UID in precondition: other'],
    [{ name: 'a', deletionTimestamp: '2020-01-01T00:00:00Z' }, 422, 'metadata.deletionTimestamp: Invalid value'],
  ])('refuses %j', async (metadata, status, message) => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', configMaps, { body: { metadata: { name: 'a' } } })

    const answer = await api('PUT', `${configMaps}/a`, { body: { metadata } })

    expect(answer.status).toBe(status)
    expect(answer.json['message']).toContain(message)
  })

  it('leaves the status to its subresource, which changes nothing else', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', deployments, { body: { ...deployment, status: { replicas: 9 } } })

    const main = await api('PUT', `${deployments}/d`, { body: { ...deployment, status: { replicas: 9 } } })
    const body = { ...deployment, spec: { replicas: 7 }, status: { replicas: 2 } }
    const status = await api('PUT', `${deployments}/d/status`, { body })

    expect(main.json['status']).toEqual({})
    expect(status.json).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 2 } })
  })
})

describe('scale', () => {
  it('shows and changes the replicas', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', deployments, { body: deployment })

    const before = await api('GET', `${deployments}/d/scale`)
    const after = await api('PATCH', `${deployments}/d/scale`, {
      body: { spec: { replicas: 5 } },
      headers: mergePatchType,
    })

    expect(before.json).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=d' },
    })
    expect(after.json).toMatchObject({ kind: 'Scale', spec: { replicas: 5 } })
    expect((await api('GET', `${deployments}/d`)).json).toMatchObject({ spec: { replicas: 5 } })
    const body = { ...before.json, spec: { replicas: -1 } }
    expect((await api('PUT', `${deployments}/d/scale`, { body })).status).toBe(409)
    const negative = { metadata: { name: 'd' }, spec: { replicas: -1 } }
    expect((await api('PUT', `${deployments}/d/scale`, { body: negative })).status).toBe(422)
  })
})

describe('patch', () => {
  it('merges', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', configMaps, { body: { metadata: { name: 'a' }, data: { x: '1', y: '2' } } })

    const { json } = await api('PATCH', `${configMaps}/a`, {
      body: { data: { x: null, z: '3' } },
      headers: mergePatchType,
    })

    expect(json['data']).toEqual({ y: '2', z: '3' })
  })

  it('runs JSON patches whole or not at all', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', configMaps, { body: { metadata: { name: 'a' }, data: { x: '1' } } })
    const patch = (body: object) => api('PATCH', `${configMaps}/a`, { body, headers: jsonPatchType })

    const failed = await patch([
      { op: 'add', path: '/data/y', value: '2' },
      { op: 'test', path: '/data/x', value: '9' },
    ])

    expect(failed.json).toMatchObject({ reason: 'Invalid', code: 422 })
    expect((await api('GET', `${configMaps}/a`)).json['data']).toEqual({ x: '1' })
    expect((await patch({ op: 'add' })).status).toBe(400)
  })

  it('is refused when it was made for another version', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', configMaps, { body: { metadata: { name: 'a' } } })

    const answer = await api('PATCH', `${configMaps}/a`, {
      body: { metadata: { resourceVersion: '1' } },
      headers: mergePatchType,
    })

    expect(answer.json).toMatchObject({ reason: 'Conflict', code: 409 })
  })

  it.each([
    [{ metadata: { name: 'b' } }, 400],
    [{ metadata: { namespace: 'b' } }, 400],
    [{ metadata: { uid: 'b' } }, 422],
    [{ kind: 'Secret' }, 422],
    [{ data: { x: 1 } }, 422],
    ['[]', 400],
    ['{bad', 400],
  ])('cannot make %j of an object', async (body, status) => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', configMaps, { body: { metadata: { name: 'a' } } })

    expect((await api('PATCH', `${configMaps}/a`, { body, headers: mergePatchType })).status).toBe(status)
  })

  it('answers 501 to strategic merge patch and 415 to unknown patches', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)
    await api('POST', configMaps, { body: { metadata: { name: 'a' } } })
    const patch = (type: string) => api('PATCH', `${configMaps}/a`, { body: {}, headers: { 'content-type': type } })

    const strategic = await patch('application/strategic-merge-patch+json')

    expect(strategic.status).toBe(501)
    expect(strategic.json['message']).toContain('strategic merge patch')
    expect((await patch('application/json')).json).toMatchObject({ message: '415: Unsupported Media Type', code: 415 })
  })
})

describe('names of fields', () => {
  it('may be __proto__, and stay', async () => {
    await using server = await startApiServer()
    const api = apiOf(server.config)

    await api('POST', configMaps, { body: '{"metadata":{"name":"a"},"data":{"__proto__":"x","constructor":"y"}}' })
    await api('PATCH', `${configMaps}/a`, { body: { data: { z: '1' } }, headers: mergePatchType })

    expect((await api('GET', `${configMaps}/a`)).text).toContain('"data":{"__proto__":"x","constructor":"y","z":"1"}')
  })
})
