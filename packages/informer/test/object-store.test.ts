import { InvalidRequestError } from '@kubeclient/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { ObjectStore } from '../src/object-store.ts'
import { pod, type TestObject } from './support/pods.ts'

let store: ObjectStore<TestObject>
const names = (objects: Iterable<TestObject>): string[] => Array.from(objects, ({ metadata }) => metadata.name)

beforeEach(() => {
  store = new ObjectStore()
})

describe('put and remove', () => {
  it('add, update and delete', () => {
    const [first, second, last] = [pod('a'), pod('a', { version: '2' }), pod('a', { version: '3' })]

    expect(store.put(first)).toEqual([{ type: 'added', object: first }])
    expect(store.put(second)).toEqual([{ type: 'updated', object: second, previous: first }])
    expect(store.remove(last)).toEqual([{ type: 'deleted', object: last, finalStateUnknown: false }])
    expect(store.get('a', 'default')).toBeUndefined()
  })

  it('say nothing of what is there already, and keep the object that is', () => {
    const first = pod('a')
    store.put(first)

    expect(store.put(pod('a'))).toEqual([])
    expect(store.get('a', 'default')).toBe(first)
    expect(store.remove(pod('b'))).toEqual([])
  })

  it('tell another incarnation as a deletion and an addition', () => {
    const [first, second] = [pod('a', { uid: '1' }), pod('a', { uid: '2', version: '9' })]
    store.put(first)

    expect(store.put(second)).toEqual([
      { type: 'deleted', object: first, finalStateUnknown: true },
      { type: 'added', object: second },
    ])
  })

  it.each(['__proto__', 'constructor', 'toString', '7'])('take %s for a name, a namespace and an index key', (name) => {
    store.addIndex('byNode', ({ spec }) => [(spec as { nodeName: string }).nodeName]) // as pod() makes them
    store.put(pod(name, { namespace: name, node: name }))

    expect(store.get(name, name)?.metadata.name).toBe(name)
    expect(names(store.select({ index: { byNode: name }, namespace: name }))).toEqual([name])
    expect(store.get('hasOwnProperty', name)).toBeUndefined()
  })
})

describe('replace', () => {
  it('tells what was added, changed and deleted meanwhile, and nothing else', () => {
    const [kept, changed, gone, old] = [pod('kept'), pod('changed'), pod('gone'), pod('again', { uid: 'old' })]
    for (const object of [kept, changed, gone, old]) store.put(object)
    const [now, fresh, again] = [pod('changed', { version: '2' }), pod('fresh'), pod('again', { uid: 'new' })]

    const changes = store.replace([pod('kept'), now, fresh, again])

    expect(changes).toEqual([
      { type: 'updated', object: now, previous: changed },
      { type: 'added', object: fresh },
      { type: 'deleted', object: old, finalStateUnknown: true },
      { type: 'added', object: again },
      { type: 'deleted', object: gone, finalStateUnknown: true },
    ])
    expect(names(store.values())).toEqual(['kept', 'changed', 'again', 'fresh'])
    expect(store.get('kept', 'default')).toBe(kept)
  })

  it('leaves other namespaces alone when it is about one', () => {
    store.put(pod('a', { namespace: 'one' }))
    store.put(pod('a', { namespace: 'two' }))

    store.replace([], 'one')

    expect(Array.from(store.values(), ({ metadata }) => metadata.namespace)).toEqual(['two'])
  })

  it('takes 200 000 objects, and lists them', () => {
    const objects = Array.from({ length: 200_000 }, (_, index) => pod(`p${index}`))

    expect(store.replace(objects)).toHaveLength(200_000)
    expect(store.select({})).toHaveLength(200_000)
  })
})

describe('select', () => {
  beforeEach(() => {
    store.put(pod('a', { node: 'n1', labels: { app: 'web', tier: 'front' } }))
    store.put(pod('b', { node: 'n1', labels: { app: 'db' } }))
    store.put(pod('c', { node: 'n2', namespace: 'other', labels: { app: 'web' } }))
    store.addIndex('byNode', ({ spec }) => [(spec as { nodeName: string }).nodeName]) // as pod() makes them
    store.addIndex('byLabel', ({ metadata }) => Object.values(metadata.labels ?? {}))
  })

  it.each([
    [{}, ['a', 'b', 'c']],
    [{ namespace: 'other' }, ['c']],
    [{ namespace: 'none' }, []],
    [{ index: { byNode: 'n1' } }, ['a', 'b']],
    [{ index: { byNode: undefined } }, ['a', 'b', 'c']],
    [{ index: { byNode: 'n1', byLabel: 'web' } }, ['a']],
    [{ index: { byLabel: 'web' }, namespace: 'other' }, ['c']],
    [{ index: { byNode: 'n3' } }, []],
    [{ labelSelector: 'app=web' }, ['a', 'c']],
    [{ labelSelector: 'app==web,!tier' }, ['c']],
    [{ labelSelector: 'app in (web, db),tier' }, ['a']],
    [{ labelSelector: 'app notin (db)' }, ['a', 'c']],
    [{ labelSelector: 'tier!=front' }, ['b', 'c']],
    [{ labelSelector: '' }, ['a', 'b', 'c']],
  ])('%j gives %j', (filter, wanted) => {
    expect(names(store.select(filter))).toEqual(wanted)
  })

  it('follows changes, in indexes too', () => {
    store.put(pod('a', { version: '2', node: 'n2' }))
    store.remove(pod('b'))

    expect(names(store.select({ index: { byNode: 'n1' } }))).toEqual([])
    expect(names(store.select({ index: { byNode: 'n2' } })).toSorted()).toEqual(['a', 'c'])
    expect(names(store.select({ index: { byLabel: 'front' } }))).toEqual([])
  })

  it('refuses an index that is not there, one that is there already, and what is no selector', () => {
    expect(() => store.select({ index: { byZone: 'z' } })).toThrow(InvalidRequestError)
    expect(() => store.addIndex('byNode', () => [])).toThrow(InvalidRequestError)
    expect(() => store.select({ labelSelector: 'app in web' })).toThrow('"app in web" is no label selector')
  })
})
