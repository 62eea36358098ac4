import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resourcePath } from '../../src/request/resource-path.ts'
import { isKubeError } from '../../src/spec/index.ts'
import { caught, kubeError } from '../support/caught.ts'
import { deployments, nodes, pods } from './place.ts'

const roles = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', resource: 'roles', namespaced: true }

describe('paths', () => {
  it.each([
    ['/api/v1/pods', pods, {}],
    ['/api/v1/namespaces/default/pods', pods, { namespace: 'default' }],
    ['/api/v1/namespaces/default/pods/web', pods, { namespace: 'default', name: 'web' }],
    ['/api/v1/namespaces/default/pods/web/log', pods, { namespace: 'default', name: 'web', subresource: 'log' }],
    ['/api/v1/nodes/n1', nodes, { name: 'n1' }],
    ['/apis/apps/v1/deployments', deployments, {}],
    [
      '/apis/apps/v1/namespaces/a/deployments/b/scale',
      deployments,
      { namespace: 'a', name: 'b', subresource: 'scale' },
    ],
  ])('%s', (path, target, parts) => {
    expect(resourcePath(target, parts)).toBe(path)
  })

  it.each([
    ['MyTeam:Admin', 'MyTeam%3AAdmin'],
    ['system:node-proxier', 'system%3Anode-proxier'],
    ['a b', 'a%20b'],
    ['ä', '%C3%A4'],
    ['日本', '%E6%97%A5%E6%9C%AC'],
    ['😀', '%F0%9F%98%80'],
    ['a?watch=true', 'a%3Fwatch%3Dtrue'],
    ['a#b', 'a%23b'],
    ['a;b', 'a%3Bb'],
    ['a&b+c', 'a%26b%2Bc'],
    ['a\\..\\b', 'a%5C..%5Cb'],
    ['...', '...'],
    ['.a', '.a'],
    ['a..b', 'a..b'],
    ['__proto__', '__proto__'],
  ])('the name %j is the one segment %j', (name, segment) => {
    expect(resourcePath(roles, { namespace: 'x', name })).toBe(
      `/apis/rbac.authorization.k8s.io/v1/namespaces/x/roles/${segment}`,
    )
  })
})

const refused = [
  '',
  '.',
  '..',
  '/',
  'a/b',
  '../x',
  'a%2fb',
  '%',
  '%2e%2e',
  '\0',
  'a\nb',
  'a\r\nb',
  '\t',
  '\u007f',
  '\ud800',
  'a\udfffb',
]

describe('refusals, before any I/O', () => {
  it.each(refused)('a name %j', async (name) => {
    expect(await caught(() => resourcePath(pods, { namespace: 'x', name }))).toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
  })
  it.each(refused)('a namespace %j', async (namespace) => {
    expect(await caught(() => resourcePath(pods, { namespace, name: 'x' }))).toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
  })
  it.each(refused)('a subresource %j', async (subresource) => {
    expect(await caught(() => resourcePath(pods, { namespace: 'x', name: 'x', subresource }))).toMatchObject({
      code: 'KUBE_INVALID_REQUEST',
    })
  })
  it.each(refused)('a plural %j', async (resource) => {
    expect(await caught(() => resourcePath({ ...pods, resource }))).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
  })
  it.each(['', '/', '/v1', 'apps/', 'apps/v1/x', '../v1', 'apps/..', 'apps%2fv1', 'a\nb/v1'])(
    'an apiVersion %j',
    async (apiVersion) => {
      expect(await caught(() => resourcePath({ ...pods, apiVersion }))).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
    },
  )

  it.each<unknown>([null, 7, {}, []])('a name that is %j and no string', async (name) => {
    const parts = { name: name as string } // what a program without types can pass
    expect(await caught(() => resourcePath(pods, parts))).toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
  })

  it('says what was refused, in quotes', async () => {
    const error = await kubeError('KUBE_INVALID_REQUEST', () => resourcePath(pods, { name: 'a/b\n' }))
    expect(error.message).toContain(String.raw`"a/b\n" is no name`)
  })
})

function pathOrRefusal(name: string): unknown {
  try {
    return resourcePath(pods, { namespace: 'x', name })
  } catch (error) {
    return isKubeError(error, 'KUBE_INVALID_REQUEST') ? Symbol('refused') : error
  }
}

describe('any name', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('.', '/', '%', '2', 'e', 'f', '\\', '?', '#', ';', ':', 'a', '\ud800', '\0') }),
  )

  it('is refused, or is one segment that decodes to itself and leaves the others as they were', () => {
    fc.assert(
      fc.property(anyText, anyText, (namespace, name) => {
        let path: string
        try {
          path = resourcePath(pods, { namespace, name })
        } catch (error) {
          return isKubeError(error, 'KUBE_INVALID_REQUEST')
        }
        // As a server and a URL parser see it: nothing is normalised away, and nothing is a query.
        const url = new URL(path, 'https://k8s.test')
        expect(url.search + url.hash).toBe('')
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual([
          '',
          'api',
          'v1',
          'namespaces',
          namespace,
          'pods',
          name,
        ])
        return true
      }),
      { numRuns: 2000 },
    )
  })

  it('two different names have two different paths', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        fc.pre(one !== other)
        const paths = [one, other].map((name) => pathOrRefusal(name))
        expect(paths[0]).not.toBe(paths[1])
      }),
      { numRuns: 1000 },
    )
  })
})
