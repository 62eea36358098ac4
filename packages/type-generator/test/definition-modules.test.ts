import { glob, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
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
