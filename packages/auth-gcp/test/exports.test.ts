import { glob, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { exportedNames } from '../../core/test/exported-names.ts'
import { cycleIn, externalsOf, moduleGraph, packagesFolder } from '../../core/test/module-graph.ts'
import * as main from '../src/index.ts'

const source = (): Promise<string> => readFile(new URL('../src/index.ts', import.meta.url), 'utf8')

describe('@kubeclient/auth-gcp', () => {
  it('exports these values', () => {
    expect(Object.keys(main).toSorted()).toEqual(['gcpAuth', 'gcpCredentials'])
  })

  it('exports these types', async () => {
    const types = ['GcpAuthOptions', 'GcpCredentialsOptions', 'GoogleAuthClient', 'GoogleTokens']
    expect(exportedNames(await source()).types.toSorted()).toEqual(types)
  })

  it('is a list of named exports, without code', async () => {
    const { values, rest } = exportedNames(await source())
    expect(values.toSorted()).toEqual(Object.keys(main).toSorted())
    expect(rest).toBe('')
  })

  it("sees of core only ./spec, and Google's library", async () => {
    const externals = externalsOf(await moduleGraph('auth-gcp/src/index.ts'))
    const packages = externals.filter((name) => !name.startsWith('node:'))
    expect(packages).toEqual(['@kubeclient/core/spec', 'google-auth-library'])
  })

  it('loads the library when it is needed, and not at the start', async () => {
    const externals = externalsOf(await moduleGraph('auth-gcp/src/index.ts', 'at start'))
    expect(externals).not.toContain('google-auth-library')
  })

  it('has no import cycle and no source that its entry does not reach', async () => {
    const graph = await moduleGraph('auth-gcp/src/index.ts')
    const sources: string[] = []
    for await (const file of glob('auth-gcp/src/**/*.ts', { cwd: packagesFolder }))
      sources.push(file.replaceAll('\\', '/'))

    expect(cycleIn(graph)).toBeUndefined()
    expect([...graph.keys()].toSorted()).toEqual(sources.toSorted())
  })

  it("installs core and Google's library", async () => {
    const manifest: unknown = JSON.parse(await readFile(`${packagesFolder}auth-gcp/package.json`, 'utf8'))
    expect(manifest).toHaveProperty('dependencies', {
      '@kubeclient/core': 'workspace:^',
      'google-auth-library': 'catalog:',
    })
  })
})
