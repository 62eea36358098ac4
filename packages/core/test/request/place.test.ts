import { describe, expect, it } from 'vitest'
import { allNamespaces } from '../../src/request/all-namespaces.ts'
import { createRequest, replaceRequest } from '../../src/request/write.ts'
import { getRequest, listRequest } from '../../src/request/read.ts'
import { deleteRequest } from '../../src/request/delete.ts'
import { patchRequest } from '../../src/request/patch-request.ts'
import { placeOf, placeOfObject } from '../../src/request/place.ts'
import { kubeError } from '../support/caught.ts'
import { defaults, nodes, pods } from './place.ts'

type Wanted = Parameters<typeof placeOf>[1]

describe('the namespace of a call', () => {
  it.each<[string, Wanted, string | undefined]>([
    ["the client's, when none is named", undefined, 'default'],
    ['the one named', 'kube-system', 'kube-system'],
    ['none, for all namespaces', allNamespaces, undefined],
  ])('is %s', (_, wanted, namespace) => {
    expect(placeOf(pods, wanted, defaults).namespace).toBe(namespace)
  })

  it.each<Wanted>([undefined, allNamespaces])('is none for a cluster-scoped kind (%s)', (wanted) => {
    expect(placeOf(nodes, wanted, defaults)).toEqual({ target: nodes, defaults })
  })

  it('is refused for a cluster-scoped kind', async () => {
    const error = await kubeError('KUBE_INVALID_REQUEST', () => placeOf(nodes, 'default', defaults))
    expect(error.message).toBe('nodes are not namespaced: leave `namespace` ("default") out of the call')
  })
})

const namespaceOf = (namespace: string | undefined, wanted?: string | typeof allNamespaces): string | undefined =>
  placeOfObject(pods, { metadata: { name: 'a', ...(namespace !== undefined && { namespace }) } }, wanted, defaults)
    .namespace

describe('the namespace of an object', () => {
  it('counts where the call names none', () => {
    expect(namespaceOf('own')).toBe('own')
    expect(namespaceOf('own', allNamespaces)).toBe('own')
  })
  it('may be named by the call as well', () => expect(namespaceOf('own', 'own')).toBe('own'))
  it('comes from the call where the object has none', () => {
    expect(namespaceOf(undefined, 'x')).toBe('x')
    expect(namespaceOf('', 'x')).toBe('x')
    expect(namespaceOf('')).toBe('default')
  })
  it('is refused when the call names another', async () => {
    const error = await kubeError('KUBE_INVALID_REQUEST', () => namespaceOf('own', 'other'))
    expect(error.message).toBe('Pod "a" has the namespace "own", and the call names "other"')
  })
  it('is ignored for a cluster-scoped kind', () => {
    const object = { metadata: { name: 'n1', namespace: 'stray' } }
    expect(placeOfObject(nodes, object, undefined, defaults)).toEqual({ target: nodes, defaults })
  })
  it.each([undefined, null, 'pod'])('no object (%s) is refused', async (object) => {
    const wrong = object as unknown as object // what a program without types can pass
    const error = await kubeError('KUBE_INVALID_REQUEST', () => placeOfObject(pods, wrong, undefined, defaults))
    expect(error.message).toBe('no Pod was given')
  })
})

describe('one object in all namespaces at once', () => {
  const everywhere = placeOf(pods, allNamespaces, defaults)
  it('can be listed', () => {
    expect(listRequest(everywhere, {}).path).toBe('/api/v1/pods')
  })
  it.each([
    ['get', () => getRequest(everywhere, 'a', {})],
    ['delete', () => deleteRequest(everywhere, 'a', {})],
    ['create', () => createRequest(everywhere, {}, {})],
    ['update', () => replaceRequest(everywhere, { metadata: { name: 'a' } }, {})],
    ['patch', () => patchRequest(everywhere, 'a', { merge: {} }, {})],
  ])('cannot be the place of a %s', async (verb, build) => {
    const error = await kubeError('KUBE_INVALID_REQUEST', build)
    expect(error.message).toBe(`cannot ${verb} pods in all namespaces at once: name one as \`namespace\``)
  })
})
