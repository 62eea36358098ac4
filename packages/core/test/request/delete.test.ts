import { describe, expect, it } from 'vitest'
import type { DeleteCollectionOptions } from '../../src/index.ts'
import { checkCollectionChoice, deleteCollectionRequest, deleteRequest } from '../../src/request/delete.ts'
import { caught } from '../support/caught.ts'
import { defaults, inNamespace, nodes, pods } from './place.ts'

describe('delete', () => {
  it('has no body unless there is something to say', () => {
    expect(deleteRequest(inNamespace(pods), 'web', {})).toEqual({
      method: 'DELETE',
      path: '/api/v1/namespaces/default/pods/web',
      query: [],
      headers: { accept: 'application/json' },
      kind: 'unary',
      operation: { verb: 'delete', resource: 'pods', namespace: 'default', name: 'web' },
    })
  })

  it.each([
    [{ gracePeriodSeconds: 0 }, { gracePeriodSeconds: 0 }],
    [{ propagationPolicy: 'Foreground' as const }, { propagationPolicy: 'Foreground' }],
    [{ dryRun: true }, { dryRun: ['All'] }],
    [{ preconditions: { uid: 'u', resourceVersion: '7' } }, { preconditions: { uid: 'u', resourceVersion: '7' } }],
    [
      { ignoreStoreReadErrorWithClusterBreakingPotential: true },
      { ignoreStoreReadErrorWithClusterBreakingPotential: true },
    ],
  ])('%j travels in the body', (options, wanted) => {
    const request = deleteRequest(inNamespace(pods), 'web', options)
    expect(JSON.parse(String(request.body))).toEqual({ apiVersion: 'v1', kind: 'DeleteOptions', ...wanted })
    expect(request.headers['content-type']).toBe('application/json')
    expect(request.query).toEqual([])
  })

  it("is a rehearsal when the client's writes are, unless the call says otherwise", () => {
    const place = inNamespace(nodes, { defaults: { ...defaults, dryRun: true } })
    expect(deleteRequest(place, 'n1', {}).body).toContain('"dryRun":["All"]')
    expect(deleteRequest(place, 'n1', { dryRun: false }).body).toBeUndefined()
  })

  it('an empty name does not address the collection', async () => {
    expect(await caught(() => deleteRequest(inNamespace(pods), '', {}))).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
  })
})

describe('deleteCollection', () => {
  it.each([
    [{ labelSelector: 'a=b' }, [['labelSelector', 'a=b']]],
    [{ fieldSelector: 'a=b' }, [['fieldSelector', 'a=b']]],
    [
      { labelSelector: 'a', fieldSelector: 'b=c', limit: 5 },
      [
        ['labelSelector', 'a'],
        ['fieldSelector', 'b=c'],
        ['limit', '5'],
      ],
    ],
    [{ all: true as const }, []],
  ])('%j selects by %j', (options: DeleteCollectionOptions, query) => {
    const request = deleteCollectionRequest(inNamespace(pods), options)
    expect([request.method, request.path]).toEqual(['DELETE', '/api/v1/namespaces/default/pods'])
    expect(request.query).toEqual(query)
    expect(request.operation).toEqual({ verb: 'deletecollection', resource: 'pods', namespace: 'default' })
  })

  it('says in the body how each object is deleted, and in the query which', () => {
    const how = { gracePeriodSeconds: 0, propagationPolicy: 'Orphan' as const, dryRun: true }
    const request = deleteCollectionRequest(inNamespace(pods), { labelSelector: 'a', ...how, query: { pretty: true } })
    expect(JSON.parse(String(request.body))).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...how,
      dryRun: ['All'],
    })
    expect(request.query).toEqual([
      ['labelSelector', 'a'],
      ['pretty', 'true'],
    ])
  })

  it("is a rehearsal when the client's writes are", () => {
    const place = inNamespace(pods, { defaults: { ...defaults, dryRun: true } })
    expect(deleteCollectionRequest(place, { all: true }).body).toContain('"dryRun":["All"]')
    expect(deleteCollectionRequest(place, { all: true, dryRun: false }).body).toBeUndefined()
  })

  // The server takes blanks, and commas in a field selector, for "everything".
  it.each([
    undefined,
    {},
    { labelSelector: '' },
    { fieldSelector: '' },
    { labelSelector: '', fieldSelector: '' },
    { labelSelector: ' ' },
    { labelSelector: '\t\n' },
    { fieldSelector: ' ' },
    { fieldSelector: ',' },
    { fieldSelector: ' , ,' },
    { all: false },
    { all: 'true' },
    { all: true, labelSelector: 'a=b' },
    { gracePeriodSeconds: 0 },
  ])('%j does not say what to delete, and is refused', async (options) => {
    const wrong = options as unknown as DeleteCollectionOptions // what a program without types can pass
    expect(await caught(() => checkCollectionChoice(wrong))).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
  })
})
