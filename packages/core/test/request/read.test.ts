import { describe, expect, it } from 'vitest'
import type { WatchOptions } from '../../src/index.ts'
import { getRequest, listRequest, watchRequest } from '../../src/request/read.ts'
import { caught } from '../support/caught.ts'
import { defaults, deployments, inNamespace, nodes, pods } from './place.ts'

describe('get', () => {
  it('is one GET of one object', () => {
    expect(getRequest(inNamespace(pods), 'web', {})).toEqual({
      method: 'GET',
      path: '/api/v1/namespaces/default/pods/web',
      query: [],
      headers: { accept: 'application/json' },
      kind: 'unary',
      operation: { verb: 'get', resource: 'pods', namespace: 'default', name: 'web' },
    })
  })

  it('reads a subresource', () => {
    const request = getRequest(inNamespace(deployments), 'web', { resourceVersion: '0' }, 'scale')
    expect(request.path).toBe('/apis/apps/v1/namespaces/default/deployments/web/scale')
    expect(request.query).toEqual([['resourceVersion', '0']])
    expect(request.operation).toMatchObject({ verb: 'get', subresource: 'scale' })
  })

  it("keeps the server's path prefix and the client's headers", () => {
    const place = inNamespace(nodes, {
      defaults: { ...defaults, pathPrefix: '/k8s/c-1', headers: { 'x-a': ['1', '2'] } },
    })
    const request = getRequest(place, 'n1', {})
    expect(request.path).toBe('/k8s/c-1/api/v1/nodes/n1')
    expect(request.headers).toEqual({ 'x-a': ['1', '2'], accept: 'application/json' })
  })
})

describe('list', () => {
  it('has no query unless asked', () => {
    const request = listRequest(inNamespace(pods), {})
    expect(request.query).toEqual([])
    expect(request.operation).toEqual({ verb: 'list', resource: 'pods', namespace: 'default' })
  })

  it.each([
    [{ labelSelector: 'app=web,tier!=cache' }, [['labelSelector', 'app=web,tier!=cache']]],
    [{ fieldSelector: 'status.phase=Running' }, [['fieldSelector', 'status.phase=Running']]],
    [
      { resourceVersion: '5', resourceVersionMatch: 'Exact' as const },
      [
        ['resourceVersion', '5'],
        ['resourceVersionMatch', 'Exact'],
      ],
    ],
    [{ limit: 10 }, [['limit', '10']]],
    [{ continue: 'abc' }, [['continue', 'abc']]],
    [{ timeoutSeconds: 3 }, [['timeoutSeconds', '3']]],
    [{ shardSelector: 's' }, [['shardSelector', 's']]],
    [{ labelSelector: undefined, limit: undefined }, []],
    [{ timeoutMs: 5, namespace: 'x' }, []],
  ])('%j becomes the query %j', (options, query) => {
    expect(listRequest(inNamespace(pods), options).query).toEqual(query)
  })

  it("the caller's own parameters come last, arrays repeat the name, undefined is left out", () => {
    const query = { pretty: true, n: 0, a: ['1', '2'], gone: undefined, ['__proto__']: 'p' }
    expect(listRequest(inNamespace(pods), { limit: 1, query }).query).toEqual([
      ['limit', '1'],
      ['pretty', 'true'],
      ['n', '0'],
      ['a', '1'],
      ['a', '2'],
      ['__proto__', 'p'],
    ])
  })

  it('a parameter that no URL can hold is refused before any I/O', async () => {
    expect(await caught(() => listRequest(inNamespace(pods), { labelSelector: 'a=\ud800' }))).toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
    expect(await caught(() => listRequest(inNamespace(pods), { query: { 'a\udc00': '1' } }))).toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
  })
})

describe('renderings', () => {
  const partial = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;q=0.9'
  const partialList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;q=0.9'
  const table = 'application/json;as=Table;g=meta.k8s.io;v=v1,application/json;q=0.9'
  const metadata = inNamespace(pods, { rendering: 'PartialObjectMetadata' })
  it.each([
    ['one object, metadata only', getRequest(metadata, 'a', {}), partial],
    ['a list, metadata only', listRequest(metadata, {}), partialList],
    ['a watch, metadata only', watchRequest(metadata, {}), partial],
    ['a table', listRequest(inNamespace(pods, { rendering: 'Table' }), {}), table],
    ['whole objects', listRequest(inNamespace(pods), {}), 'application/json'],
  ])('%s', (_, request, accept) => {
    expect(request.headers['accept']).toBe(accept)
  })
})

const queryOf = (options: WatchOptions): Record<string, string> =>
  Object.fromEntries(watchRequest(inNamespace(pods), options).query)

describe('watch', () => {
  it('is a stream that always asks for bookmarks', () => {
    const request = watchRequest(inNamespace(pods), {})
    expect(request.kind).toBe('stream')
    expect(request.query).toEqual([
      ['watch', 'true'],
      ['allowWatchBookmarks', 'true'],
    ])
    expect(request.operation).toEqual({ verb: 'watch', resource: 'pods', namespace: 'default' })
  })

  it('begins at a version, with selectors', () => {
    expect(queryOf({ resourceVersion: '7', labelSelector: 'a', fieldSelector: 'b=c' })).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '7',
      labelSelector: 'a',
      fieldSelector: 'b=c',
    })
  })

  it.each([true, false])('sendInitialEvents: %s comes with the match that the server demands', (sendInitialEvents) => {
    expect(queryOf({ sendInitialEvents })).toMatchObject({
      sendInitialEvents: String(sendInitialEvents),
      resourceVersionMatch: 'NotOlderThan',
    })
  })

  it.each([
    ['web', 'metadata.name=web'],
    ['a,b', String.raw`metadata.name=a\,b`],
    ['a=b', String.raw`metadata.name=a\=b`],
    ['a\\b', String.raw`metadata.name=a\\b`],
  ])('one object %j is watched by the escaped field selector %j', (name, selector) => {
    expect(queryOf({ name })['fieldSelector']).toBe(selector)
  })

  it('the name and a field selector of the caller both count', () => {
    expect(queryOf({ name: 'web', fieldSelector: 'spec.nodeName=n1' })['fieldSelector']).toBe(
      'metadata.name=web,spec.nodeName=n1',
    )
  })

  it('an empty name is refused, as it would watch nothing', async () => {
    expect(await caught(() => watchRequest(inNamespace(pods), { name: '' }))).toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
  })
})
