import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../src/api-server/json.ts'
import { createStore, type Store } from '../../src/api-server/store.ts'

function object(name: string, extra: object = {}): ApiObject {
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name }, ...extra }
}

function names(store: Store, at?: number): string[] {
  return store.list('things', at).map(({ metadata }) => metadata.name)
}

describe('createStore', () => {
  it('gives every write the next version, whatever it writes to', () => {
    const store = createStore()

    const versions = [
      store.put('things', 'a', object('a')),
      store.put('others', 'a', object('a')),
      store.remove('things', 'a'),
    ]

    const start = Number(versions[0]?.metadata.resourceVersion)
    expect(versions.map((written) => Number(written?.metadata.resourceVersion) - start)).toEqual([0, 1, 2])
  })

  it('lists in the order of keys', () => {
    const store = createStore()
    for (const name of ['c', 'a', 'b']) store.put('things', name, object(name))

    expect(names(store)).toEqual(['a', 'b', 'c'])
  })

  it('lists the past', () => {
    const store = createStore()
    store.put('things', 'a', object('a', { value: 1 }))
    const then = store.revision()
    store.put('things', 'a', object('a', { value: 2 }))
    store.put('things', 'b', object('b'))
    store.remove('things', 'a')

    expect(names(store)).toEqual(['b'])
    expect(store.list('things', then)).toMatchObject([{ value: 1 }])
  })

  it('tells what changed at each version', () => {
    const store = createStore()
    const start = store.revision()
    store.put('things', 'a', object('a'))
    store.put('things', 'a', object('a', { value: 2 }))
    store.remove('things', 'a')

    const types = [1, 2, 3, 4].map((step) => store.eventAt(start + step)?.type)
    expect(types).toEqual(['ADDED', 'MODIFIED', 'DELETED', undefined])
  })

  it('expires every version that was seen before a compaction, and keeps those who saw all going', () => {
    const store = createStore()
    store.put('things', 'a', object('a'))
    const seen = store.revision()

    store.compact()

    expect(store.compactedRevision()).toBeGreaterThan(seen)
    expect(store.remembersSince(seen)).toBe(true)
    expect(store.remembersSince(seen - 1)).toBe(false)
    store.put('things', 'b', object('b'))
    expect(store.eventAt(store.revision())?.key).toBe('b')
  })

  it('forgets the oldest writes beyond its history', () => {
    const store = createStore({ maxHistory: 2 })
    const start = store.revision()
    for (let count = 0; count < 5; count += 1) store.put('things', 'a', object('a', { count }))

    expect(store.compactedRevision()).toBe(start + 3)
    expect(store.eventAt(start + 3)).toBeUndefined()
    expect(store.eventAt(start + 4)?.type).toBe('MODIFIED')
  })
})
