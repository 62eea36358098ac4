import { describe, expect, it } from 'vitest'
import { jsonPatch, mergePatch } from '../../src/api-server/patch.ts'

describe('mergePatch', () => {
  it('merges maps, removes what is null and replaces lists', () => {
    const target = { a: { b: 1, c: 2 }, list: [1, 2], keep: true }

    expect(mergePatch(target, { a: { b: null, d: 3 }, list: [3] })).toEqual({
      a: { c: 2, d: 3 },
      list: [3],
      keep: true,
    })
  })

  it('treats __proto__ as a name like any other', () => {
    const patched = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'))

    expect(JSON.stringify(patched)).toBe('{"__proto__":{"polluted":true}}')
    expect({}).not.toHaveProperty('polluted')
  })
})

describe('jsonPatch', () => {
  it('applies its operations in order and leaves the target alone', () => {
    const target = { data: { a: '1' } }

    const patched = jsonPatch(target, [
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'copy', from: '/data/a', path: '/data/b' },
      { op: 'remove', path: '/data/a' },
      { op: 'replace', path: '/data/new', value: '2' },
    ])

    expect(patched).toEqual({ data: { b: '1', new: '2' } })
    expect(target).toEqual({ data: { a: '1' } })
  })

  it.each([
    [{ op: 'test', path: '/data/a', value: '2' }],
    [{ op: 'remove', path: '/data/missing' }],
    [{ op: 'add', path: '/missing/a', value: 1 }],
    [{ op: 'move', from: '/missing', path: '/data/b' }],
    [{ op: 'unknown', path: '/data/a' }],
    [{ op: 'add', path: 'no-pointer', value: 1 }],
    [{ op: 'add', path: '/constructor/prototype/polluted', value: 1 }],
    [{ op: 'add', path: '/data/toString/polluted', value: 1 }],
    [{ op: 'add', path: '/list/length', value: 1 }],
    [{ op: 'add' }],
  ])('%j does not fit and is 422', (operation) => {
    const target = { data: { a: '1' }, list: [1] }

    expect(() => jsonPatch(target, [operation])).toThrow(
      'the server rejected our request due to an error in our request',
    )
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})
