import { runInNewContext } from 'node:vm'
import { assert, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { literal, propertyName, typeName } from '../src/literal.ts'
import { hostileText } from './hostile-text.ts'

const anyText = oneof(string({ unit: 'binary' }), hostileText)

describe('literal', () => {
  it('is an expression whose value is the text', () => {
    assert(
      property(anyText, (text) => {
        expect(runInNewContext(literal(text))).toBe(text)
      }),
    )
  })

  it('shows all that is in the text, in its order, on one line', () => {
    assert(
      property(anyText, (text) => {
        expect(literal(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
    )
  })

  it.each([
    ['a', "'a'"],
    ["it's", String.raw`'it\'s'`],
    ['a\\', String.raw`'a\\'`],
    ['\u202Ea', String.raw`'\u{202e}a'`],
    ['\u{E0001}', String.raw`'\u{e0001}'`],
  ])('of %j is %s', (text, source) => {
    expect(literal(text)).toBe(source)
  })
})

describe('propertyName', () => {
  it.each([
    ['replicas', 'replicas'],
    ['$ref', '$ref'],
    ['new', 'new'],
    ['x-kubernetes-int-or-string', "'x-kubernetes-int-or-string'"],
    ['1', "'1'"],
    ['', "''"],
    ['__proto__', "'__proto__'"],
    ['größe', "'größe'"],
  ])('of %j is %s', (name, source) => {
    expect(propertyName(name)).toBe(source)
  })
})

describe('typeName', () => {
  it.each([
    ['Widget', 'Widget'],
    ['node-pool', 'NodePool'],
    ['x509', 'X509'],
    ['3scale', 'scale'],
    ['*/ evil', 'Evil'],
    ['-', ''],
  ])('of %j is %j', (text, name) => {
    expect(typeName(text)).toBe(name)
  })
})
