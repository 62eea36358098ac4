import { ConfigError } from '@kubeclient/core/spec'
import { describe, expect, it } from 'vitest'
import { nameSchemas } from '../src/name-schemas.ts'

const kind = { apiVersion: 'example.com/v1', kind: 'Widget' }

const nested = (levels: number): object =>
  Array.from({ length: levels }).reduce<object>((inner) => ({ type: 'object', properties: { a: inner } }), {})

const wide = (names: readonly string[]): object => ({
  properties: Object.fromEntries(names.map((name) => [name, { properties: { a: {} } }])),
})

const names = (schema: unknown): string[] => nameSchemas([{ kind, schema }]).map(({ name }) => name)

describe('nameSchemas', () => {
  it('names each object with fields after where it is', () => {
    const container = { type: 'object', properties: { image: { type: 'string' } } }
    const spec = { type: 'object', properties: { containers: { type: 'array', items: container }, size: {} } }

    expect(names({ properties: { spec } })).toEqual(['Widget', 'WidgetSpec', 'WidgetSpecContainers'])
  })

  it('numbers names that are taken', () => {
    expect(names(wide(['a-b', 'aB', 'a_b', 'a-b2']))).toEqual([
      'Widget',
      'WidgetAB',
      'WidgetAB2',
      'WidgetAB3',
      'WidgetAB22',
    ])
  })

  it('numbers as many as there can be', () => {
    const all = names(wide(Array.from({ length: 40_000 }, (_, index) => '-'.repeat(index % 7) + '*'.repeat(index / 7))))

    expect(new Set(all).size).toBe(40_001)
  })

  it('gives kinds their names before any part gets one', () => {
    const cluster = { kind: { ...kind, kind: 'Cluster' }, schema: wide(['spec']) }
    const spec = { kind: { ...kind, kind: 'ClusterSpec' }, schema: {} }

    expect(nameSchemas([cluster, spec]).map(({ name }) => name)).toEqual(['Cluster', 'ClusterSpec2', 'ClusterSpec'])
  })

  it('cuts names that are too long', () => {
    const all = names(wide(['a'.repeat(1000), `${'a'.repeat(1000)}b`]))

    expect(all.map((name) => name.length)).toEqual([6, 200, 201])
  })

  it('takes as many levels as an API server, and refuses more', () => {
    expect(names(nested(64))).toHaveLength(64)
    expect(() => names(nested(66))).toThrow(ConfigError)
    expect(() => names(nested(66))).toThrow(/^the schema of WidgetA+ is too large: nested deeper than 64 levels$/)
  })

  it('refuses what has too many parts', () => {
    const properties = Object.fromEntries(Array.from({ length: 100_001 }, (_, index) => [`f${index}`, {}]))

    expect(() => names({ properties })).toThrow('the schema of WidgetF100000 is too large: more than 100000 schemas')
  })

  it('takes a schema for what it is: a type is text, and fields are objects', () => {
    const schema = { type: 7, properties: { a: 'text', b: null, c: [1], d: { type: {}, enum: 'e', items: 3 } } }

    expect(nameSchemas([{ kind, schema }])).toMatchObject([
      { name: 'Widget', schema: { properties: { a: {}, b: {}, c: {}, d: {} } } },
    ])
  })
})
