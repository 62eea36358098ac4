import { glob, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { exportedNames } from '../../core/test/exported-names.ts'
import { cycleIn, externalsOf, moduleGraph, packagesFolder } from '../../core/test/module-graph.ts'
import * as main from '../src/index.ts'

const source = (): Promise<string> => readFile(new URL('../src/index.ts', import.meta.url), 'utf8')

describe('@kubeclient/auth-oidc', () => {
  it('exports these values', () => {
    expect(Object.keys(main).toSorted()).toEqual(['oidcAuth', 'oidcCredentials'])
  })

  it('exports these types', async () => {
    expect(exportedNames(await source()).types).toEqual([
      'OidcAuthOptions',
      'OidcCredentialsOptions',
      'OidcIdentity',
      'OidcTokenStore',
      'OidcTokens',
      'RefreshTokens',
      'RotatedTokens',
    ])
  })

  it('is a list of named exports, without code', async () => {
    const { values, rest } = exportedNames(await source())
    expect(values).toEqual(Object.keys(main).toSorted())
    expect(rest).toBe('')
  })

  it('sees of core only ./spec, of others only openid-client, and of Node what finds and reads a CA file', async () => {
    expect(externalsOf(await moduleGraph('auth-oidc/src/index.ts'))).toEqual([
      '@kubeclient/core/spec',
      'node:fs/promises',
      'node:path',
      'openid-client',
    ])
  })

  it('has no import cycle and no source that its entry does not reach', async () => {
    const graph = await moduleGraph('auth-oidc/src/index.ts')
    const sources: string[] = []
    for await (const file of glob('auth-oidc/src/**/*.ts', { cwd: packagesFolder }))
      sources.push(file.replaceAll('\\', '/'))

    expect(cycleIn(graph)).toBeUndefined()
    expect([...graph.keys()].toSorted()).toEqual(sources.toSorted())
  })
})
