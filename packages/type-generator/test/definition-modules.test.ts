import { glob, readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '@kubeclient/core/spec'
import { definitionModules, type Definition, parseManifests } from '../src/index.ts'

const fixtures = new URL('fixtures/', import.meta.url)

async function definitions(): Promise<Definition[]> {
  const found = await Array.fromAsync(glob('definitions/*', { cwd: fixtures }))
  const texts = found
    .toSorted()
    .map(async (file) => parseManifests(await readFile(new URL(file, fixtures), 'utf8'), file))
  return (await Promise.all(texts)).flat()
}

const modules = definitionModules(await definitions())

const definition = (kind: string, resource: string, schema: unknown = {}, versions = ['v1']): Definition => ({
  group: 'example.com',
  kind,
  resource,
  namespaced: true,
  versions: versions.map((name) => ({ name, schema })),
})

/** What a program that imports the module gets. */
async function load(path: string): Promise<Record<string, unknown>> {
  return { ...((await import(new URL(`generated/${path}`, fixtures).href)) as Record<string, unknown>) } // a namespace is one
}

describe('definitionModules', () => {
  it('writes one module for each group and version that is served', () => {
    expect([...modules.keys()].toSorted()).toEqual([
      'argoproj.io/v1alpha1.ts',
      'cert-manager.io/v1.ts',
      'external-secrets.io/v1.ts',
      'gateway.networking.k8s.io/v1.ts',
      'gateway.networking.k8s.io/v1beta1.ts',
      'hostile.example.com/v1.ts',
      'karpenter.sh/v1.ts',
      'keda.sh/v1alpha1.ts',
      'kyverno.io/v1.ts',
      'monitoring.coreos.com/v1.ts',
      'postgresql.cnpg.io/v1.ts',
    ])
  })

  // The programs in `types` use what was generated: they compile, and what they must not do does not.
  it.each([...modules])('writes %s as it was written before', async (path, source) => {
    await expect(source).toMatchFileSnapshot(`fixtures/generated/${path}`)
  })

  it('writes modules of which nothing is left at run time but the descriptors', async () => {
    expect(await load('gateway.networking.k8s.io/v1.ts')).toEqual({
      GatewayClass: {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GatewayClass',
        resource: 'gatewayclasses',
        namespaced: false,
      },
      HTTPRoute: {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        resource: 'httproutes',
        namespaced: true,
      },
    })
  })

  it('runs nothing of what a hostile definition says', async () => {
    const descriptor = { apiVersion: 'hostile.example.com/v1', kind: 'Trap', resource: 'traps', namespaced: true }

    expect(await load('hostile.example.com/v1.ts')).toEqual({ Trap: descriptor })
  })

  it('leaves a type of ours its name where a kind has the same', () => {
    const source = modules.get('postgresql.cnpg.io/v1.ts')

    expect(source).toContain('KubeObject as ImportedKubeObject')
    expect(source).toContain('export interface KubeObject extends ImportedKubeObject {')
  })

  it('leaves a kind its name where a part of another has the same', () => {
    const schema = { properties: { spec: { properties: { size: {} } } } }

    const [source] = definitionModules([
      definition('Cluster', 'clusters', schema),
      definition('ClusterSpec', 'clusterspecs'),
    ]).values()

    expect(source).toContain('export const ClusterSpec: ResourceDescriptor<ClusterSpec> = {')
    expect(source).toContain('  spec?: ClusterSpec2\n')
  })

  it.each([
    ['in two definitions', [definition('Widget', 'widgets'), definition('Widget', 'widgets')]],
    ['in two versions', [definition('Widget', 'widgets', {}, ['v1', 'v1'])]],
  ])('refuses a kind that is defined twice, %s', (_, twice) => {
    const fault = 'widgets of example.com/v1 is defined twice; leave one out'

    expect(() => definitionModules(twice)).toThrow(new ConfigError(fault))
  })

  it.each(['Array', 'String', 'Object', 'Promise', 'Record', 'Partial', 'undefined', 'class', 'await', 'Infinity'])(
    'writes a module that loads for a kind called %s',
    async (kind) => {
      const schema = { properties: { list: { type: 'array', items: { enum: ['a'], type: 'string' } } } }

      const [source = ''] = definitionModules([definition(kind, 'things', schema)]).values()
      const loaded: object = await import(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(source))}`)

      expect(Object.values(loaded)).toEqual([
        { apiVersion: 'example.com/v1', kind, resource: 'things', namespaced: true },
      ])
      expect(source).toContain("  list?: ('a' | (string & {}))[]\n")
    },
  )

  it('takes thousands of definitions of one group, and of one kind', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => definition('Widget', `widgets${index}`))

    const [source = ''] = definitionModules(many).values()

    expect(source.match(/^export const /gm)).toHaveLength(20_000)
  })

  it('does not take a kind for an object of any kind, whatever it is called', () => {
    const schema = { properties: { template: { 'x-kubernetes-embedded-resource': true } } }
    const names = { kind: 'DynamicObject', resource: 'dynamicobjects', namespaced: true }

    const [source] = definitionModules([
      { group: 'example.com', ...names, versions: [{ name: 'v1', schema }] },
    ]).values()

    expect(source).toContain('DynamicObject as ImportedDynamicObject')
    expect(source).toContain('  template?: ImportedDynamicObject\n')
  })
})
