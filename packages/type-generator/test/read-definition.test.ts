import { ConfigError } from '@kubeclient/core/spec'
import { describe, expect, it } from 'vitest'
import { readDefinition } from '../src/index.ts'

const definition = (spec: object = {}): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Widget', plural: 'widgets' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    ...spec,
  },
})

const read = (spec: object): unknown => readDefinition(definition(spec))

describe('readDefinition', () => {
  it('reads what addresses the kind, and the schemas of its served versions', () => {
    const versions = [
      { name: 'v1', served: true, schema: { openAPIV3Schema: { type: 'object' } } },
      { name: 'v1alpha1', served: false },
      { name: 'v2', served: true },
    ]

    expect(readDefinition(definition({ versions, scope: 'Cluster' }))).toEqual({
      group: 'example.com',
      kind: 'Widget',
      resource: 'widgets',
      namespaced: false,
      versions: [
        { name: 'v1', schema: { type: 'object' } },
        { name: 'v2', schema: undefined },
      ],
    })
  })

  it.each([[undefined], [null], ['text'], [[]], [{ kind: 'ConfigMap' }]])('passes over %j', (manifest) => {
    expect(readDefinition(manifest)).toBeUndefined()
  })

  it.each([
    '../x',
    'a/b',
    '.',
    '..',
    '',
    'a..b',
    '.a',
    'A.b',
    'a\nb',
    'a b',
    '__proto__',
    `${'a'.repeat(64)}.b`,
    7,
    null,
  ])('refuses %j as a group and as a version, which become paths', (name) => {
    expect(() => read({ group: name })).toThrow(ConfigError)
    expect(() => read({ group: name })).toThrow(/^CustomResourceDefinition "widgets\.example\.com": spec\.group is /)
    expect(() => read({ versions: [{ name }] })).toThrow('the name of a version is ')
  })

  it.each(['Widget {}', '1Widget', '', "W'", 'W/*', undefined, {}])('refuses %j as a kind', (kind) => {
    expect(() => read({ names: { kind, plural: 'widgets' } })).toThrow('spec.names.kind is ')
  })

  it.each(['Widgets', 'a/b', "'", '', undefined])('refuses %j as a plural', (plural) => {
    expect(() => read({ names: { kind: 'Widget', plural } })).toThrow('spec.names.plural is ')
  })

  it('names what is no text by what it is, were it without end', () => {
    const endless: unknown[] = []
    endless.push(endless)

    expect(() => read({ group: endless })).toThrow('spec.group is a list, which is no group')
    expect(() => read({ group: { endless } })).toThrow('spec.group is an object, which is no group')
  })

  it('quotes no more of a name than is needed', () => {
    expect(() => read({ group: 'x'.repeat(10_000) })).toThrow(/^.{1,250}$/)
  })

  it('says how an old definition is to be written', () => {
    const old = { ...definition(), apiVersion: 'apiextensions.k8s.io/v1beta1' }

    expect(() => readDefinition(old)).toThrow('write it as "apiextensions.k8s.io/v1"')
  })
})
