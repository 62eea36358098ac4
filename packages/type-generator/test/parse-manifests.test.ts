import { ConfigError } from '@kubeclient/core/spec'
import { describe, expect, it } from 'vitest'
import { parseManifests } from '../src/index.ts'

const spec = `
  group: example.com
  names: { kind: Widget, plural: widgets }
  scope: Namespaced
  versions: [{ name: v1, served: true }]
`
const header = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n'

const kinds = (text: string): string[] => parseManifests(text, 'crd.yaml').map(({ kind }) => kind)

function refusal(text: string): string {
  try {
    parseManifests(text, 'crd.yaml')
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('it was taken')
}

describe('parseManifests', () => {
  it('takes documents of YAML, with others between them', () => {
    const other = 'apiVersion: v1\nkind: ConfigMap'

    expect(kinds(`${header}spec: ${spec}\n---\n${other}\n---\n---\n${header}spec: ${spec}`)).toEqual([
      'Widget',
      'Widget',
    ])
  })

  it('takes JSON', () => {
    const names = { kind: 'Gadget', plural: 'gadgets' }
    const kind = 'CustomResourceDefinition'

    expect(
      kinds(JSON.stringify({ apiVersion: 'apiextensions.k8s.io/v1', kind, spec: { group: 'a.b', names } })),
    ).toEqual(['Gadget'])
  })

  it('takes a List, and a list of definitions whose items do not say what they are', () => {
    const item = spec.replaceAll('\n', '\n  ')

    expect(kinds(`kind: List\nitems:\n- ${header.replace('\n', '\n  ')}  spec: ${item}`)).toEqual(['Widget'])
    expect(kinds(`kind: CustomResourceDefinitionList\nitems:\n- spec: ${item}`)).toEqual(['Widget'])
  })

  it('merges keys, as kubectl does', () => {
    expect(kinds(`base: &base\n  kind: CustomResourceDefinition\n---\n${header}spec: ${spec}`)).toEqual(['Widget'])
    expect(kinds(`<<: { kind: CustomResourceDefinition }\napiVersion: apiextensions.k8s.io/v1\nspec: ${spec}`)).toEqual(
      ['Widget'],
    )
  })

  it('takes __proto__ for a name like any other', () => {
    const text = `{"__proto__":{"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io/v1"}}`

    expect(refusal(text)).toBe('crd.yaml holds no CustomResourceDefinition')
  })

  it.each(['', 'text', '[]', 'kind: ConfigMap', 'kind: List\nitems: 7'])(
    'refuses %j, which defines nothing',
    (text) => {
      expect(refusal(text)).toBe('crd.yaml holds no CustomResourceDefinition')
    },
  )

  it('refuses what is no YAML, and says where', () => {
    expect(refusal('a: 1\nb: }')).toMatch(/^crd\.yaml cannot be read as YAML: line 2: ./)
  })

  it('refuses aliases that multiply', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}]`,
    )

    expect(refusal(`a0: &a0 [x]\n${levels.join('\n')}`)).toMatch(/^crd\.yaml cannot be read as YAML: .*alias/)
  })

  it('refuses aliases of what is long, and of what they are in', () => {
    const long = `a: &a "${'x '.repeat(1_000_000)}"\nb: [${'*a, '.repeat(40)}]`

    expect(refusal(long)).toMatch(/: it is larger than 64 MiB with its aliases written out$/)
    expect(refusal('a: &a\n  b: *a')).toMatch(/: it is nested deeper than 300 levels$/)
  })

  it('refuses anchors and aliases without end', () => {
    const many = Array.from({ length: 10_001 }, (_, index) => `&a${index} x, *a${index}`)

    expect(refusal(`[${many.join(', ')}]`)).toMatch(/: it has more than 20000 anchors and aliases; write it as JSON$/)
  })

  it('passes over bytes', () => {
    const bytes = Buffer.alloc(30_000_000).toString('base64')

    expect(refusal(`a: !!binary ${bytes}`)).toBe('crd.yaml holds no CustomResourceDefinition')
  })

  it('refuses what is nested without end', { timeout: 30_000 }, () => {
    const fault = 'crd.yaml cannot be read as YAML: it is nested deeper than 300 levels'

    expect(refusal('['.repeat(100_000))).toBe(fault)
    expect(refusal('{"a":'.repeat(100_000))).toBe(fault)
    expect(refusal('- '.repeat(100_000))).toBe(fault)
  })

  it('refuses what is too large', { timeout: 30_000 }, () => {
    expect(refusal(`[${'a,'.repeat(1_000_000)}]`)).toMatch(/: it has more than 2000000 tokens; write it as JSON$/)
    expect(refusal(' '.repeat(64 * 1024 * 1024 + 1))).toBe('crd.yaml is larger than 64 MiB')
  })

  it('takes JSON without the parser of YAML', () => {
    const items = Array.from({ length: 1_000_000 }, () => 0)

    expect(refusal(JSON.stringify({ items, more: items }))).toBe('crd.yaml holds no CustomResourceDefinition')
  })
})
