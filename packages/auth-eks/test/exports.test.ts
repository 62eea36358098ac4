import { glob, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { exportedNames } from '../../core/test/exported-names.ts'
import { cycleIn, externalsOf, moduleGraph, packagesFolder } from '../../core/test/module-graph.ts'
import * as main from '../src/index.ts'

const source = (): Promise<string> => readFile(new URL('../src/index.ts', import.meta.url), 'utf8')

describe('@kubeclient/auth-eks', () => {
  it('exports these values', () => {
    expect(Object.keys(main).toSorted()).toEqual(['eksAuth', 'eksCredentials'])
  })

  it('exports these types', async () => {
    const types = ['AwsCredentialSource', 'AwsCredentials', 'EksAuthOptions', 'EksCredentialsOptions']
    expect(exportedNames(await source()).types.toSorted()).toEqual(types)
  })

  it('is a list of named exports, without code', async () => {
    const { values, rest } = exportedNames(await source())
    expect(values.toSorted()).toEqual(Object.keys(main).toSorted())
    expect(rest).toBe('')
  })

  it('sees of core only ./spec, and the signer', async () => {
    const externals = externalsOf(await moduleGraph('auth-eks/src/index.ts'))
    const packages = externals.filter((name) => !name.startsWith('node:'))
    expect(packages).toEqual(['@kubeclient/core/spec', '@smithy/signature-v4'])
  })

  it('has no import cycle and no source that its entry does not reach', async () => {
    const graph = await moduleGraph('auth-eks/src/index.ts')
    const sources: string[] = []
    for await (const file of glob('auth-eks/src/**/*.ts', { cwd: packagesFolder }))
      sources.push(file.replaceAll('\\', '/'))

    expect(cycleIn(graph)).toBeUndefined()
    expect([...graph.keys()].toSorted()).toEqual(sources.toSorted())
  })

  it('installs core and the signer, and no SDK', async () => {
    const manifest: unknown = JSON.parse(await readFile(`${packagesFolder}auth-eks/package.json`, 'utf8'))
    expect(manifest).toMatchObject({
      dependencies: { '@kubeclient/core': 'workspace:^', '@smithy/signature-v4': 'catalog:' },
      peerDependenciesMeta: { '@aws-sdk/credential-providers': { optional: true } },
    })
  })
})
