import { describe, expect, it } from 'vitest'
import type { KubeObject, Patch } from '../../src/index.ts'
import { patchRequest } from '../../src/request/patch-request.ts'
import { applyRequest, createRequest, replaceRequest } from '../../src/request/write.ts'
import { caught, kubeError } from '../support/caught.ts'
import { defaults, deployments, inNamespace, nodes, pods } from './place.ts'

const bodyOf = ({ body }: { body?: string | Uint8Array }): unknown => JSON.parse(String(body))

describe('create', () => {
  it('posts to the collection, with kind and manager filled in', () => {
    const request = createRequest(inNamespace(pods), { metadata: { name: 'web' } }, {})
    expect(request).toEqual({
      method: 'POST',
      path: '/api/v1/namespaces/default/pods',
      query: [['fieldManager', 'kubeclient']],
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: '{"metadata":{"name":"web"},"apiVersion":"v1","kind":"Pod"}',
      kind: 'unary',
      operation: { verb: 'create', resource: 'pods', namespace: 'default' },
    })
  })

  it('passes unknown fields through, and changes nothing of the object', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      future: { a: [1, null, 'x'] },
      metadata: { labels: JSON.parse('{"__proto__":"p"}') },
    }
    const before = structuredClone(object)
    const request = createRequest(inNamespace(pods), object, {})
    expect(request.body).toBe(JSON.stringify(object))
    expect(request.body).toContain('"__proto__":"p"')
    expect(object).toEqual(before)
  })

  it.each([
    [{ apiVersion: 'apps/v1', kind: 'Pod' }, 'a apps/v1 Pod was given where a v1 Pod belongs'],
    [{ kind: 'Node' }, 'a v1 Node was given where a v1 Pod belongs'],
  ])('refuses an object of another kind: %j', async (object, message) => {
    const error = await kubeError('KUBE_INVALID_REQUEST', () => createRequest(inNamespace(pods), object, {}))
    expect(error.message).toBe(message)
  })

  it('creates a subresource below its object, body as given', () => {
    const body: KubeObject = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' } }
    const request = createRequest(inNamespace(pods), body, {}, { name: 'web', subresource: 'eviction' })
    expect(request.path).toBe('/api/v1/namespaces/default/pods/web/eviction')
    expect(bodyOf(request)).toEqual(body)
  })
})

describe('replace', () => {
  it('puts to the object that the object names', () => {
    const request = replaceRequest(inNamespace(nodes), { metadata: { name: 'n1', resourceVersion: '7' } }, {})
    expect([request.method, request.path]).toEqual(['PUT', '/api/v1/nodes/n1'])
    expect(request.operation).toEqual({ verb: 'update', resource: 'nodes', name: 'n1' })
  })

  it.each([{}, { metadata: {} }])('needs a name: %j', async (object) => {
    const error = await kubeError('KUBE_INVALID_REQUEST', () => replaceRequest(inNamespace(nodes), object, {}))
    expect(error.message).toBe('cannot replace an object without metadata.name')
  })

  it('an empty name does not address the collection', async () => {
    expect(await caught(() => replaceRequest(inNamespace(nodes), { metadata: { name: '' } }, {}))).toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
  })
})

describe('apply', () => {
  it('patches with the type of server-side apply', () => {
    const request = applyRequest(inNamespace(deployments), { metadata: { name: 'web' } }, {})
    expect(request).toMatchObject({
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/default/deployments/web',
      query: [['fieldManager', 'kubeclient']],
      headers: { 'content-type': 'application/apply-patch+yaml' },
      operation: { verb: 'patch', name: 'web' },
    })
    expect(bodyOf(request)).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } })
  })

  it.each([true, false])('says force=%s when told so', (force) => {
    expect(applyRequest(inNamespace(pods), { metadata: { name: 'a' } }, { force }).query).toContainEqual([
      'force',
      String(force),
    ])
  })

  it('needs a name', async () => {
    const error = await kubeError('KUBE_INVALID_REQUEST', () => applyRequest(inNamespace(pods), {}, {}))
    expect(error.message).toBe('cannot apply an object without metadata.name')
  })
})

describe('patch', () => {
  it.each([
    [
      { merge: { metadata: { labels: { a: null } } } },
      'application/merge-patch+json',
      '{"metadata":{"labels":{"a":null}}}',
    ],
    [{ strategic: { $patch: 'replace' as const } }, 'application/strategic-merge-patch+json', '{"$patch":"replace"}'],
    [
      { json: [{ op: 'remove' as const, path: '/a~1b' }] },
      'application/json-patch+json',
      '[{"op":"remove","path":"/a~1b"}]',
    ],
    [{ json: [] }, 'application/json-patch+json', '[]'],
  ])('%j is sent as %s', (patch: Patch<KubeObject>, contentType, body) => {
    const request = patchRequest(inNamespace(pods), 'web', patch, {})
    expect(request).toMatchObject({ method: 'PATCH', path: '/api/v1/namespaces/default/pods/web', body })
    expect(request.headers['content-type']).toBe(contentType)
  })

  it.each([
    {},
    { merge: {}, json: [] },
    { merge: undefined },
    { merge: null },
    { strategic: 'x' },
    { other: {} },
    null,
    undefined,
    [],
  ])('%j is not exactly one patch, and is refused', async (patch) => {
    const wrong = patch as unknown as Patch<KubeObject> // what a program without types can pass
    expect(await caught(() => patchRequest(inNamespace(pods), 'web', wrong, {}))).toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
  })

  it('reaches a subresource', () => {
    const request = patchRequest(inNamespace(deployments), 'web', { merge: {} }, {}, 'status')
    expect(request.path).toBe('/apis/apps/v1/namespaces/default/deployments/web/status')
    expect(request.operation).toMatchObject({ subresource: 'status' })
  })
})

describe('options of every write', () => {
  const own = { ...defaults, fieldManager: 'app', fieldValidation: 'Strict' as const, dryRun: true }
  const writes = [
    ['create', createRequest],
    ['replace', replaceRequest],
    ['apply', applyRequest],
    ['patch', (place, object, options) => patchRequest(place, 'a', { merge: object }, options)],
  ] satisfies [string, typeof createRequest][]

  it.each(writes)("%s takes the client's defaults", (_, build) => {
    expect(build(inNamespace(pods, { defaults: own }), { metadata: { name: 'a' } }, {}).query).toEqual([
      ['fieldManager', 'app'],
      ['fieldValidation', 'Strict'],
      ['dryRun', 'All'],
    ])
  })

  it.each(writes)("%s lets the call win over the client's defaults", (_, build) => {
    const options = { fieldManager: 'x', fieldValidation: 'Ignore' as const, dryRun: false, query: { pretty: true } }
    expect(build(inNamespace(pods, { defaults: own }), { metadata: { name: 'a' } }, options).query).toEqual([
      ['fieldManager', 'x'],
      ['fieldValidation', 'Ignore'],
      ['pretty', 'true'],
    ])
  })
})
