import { glob, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { exportedNames } from '../../core/test/exported-names.ts'
import { cycleIn, externalsOf, moduleGraph, packagesFolder } from '../../core/test/module-graph.ts'
import * as main from '../src/index.ts'

const source = (): Promise<string> => readFile(new URL('../src/index.ts', import.meta.url), 'utf8')

describe('@kubeclient/auth-exec', () => {
  it('exports these values', () => {
    expect(Object.keys(main).toSorted()).toEqual(['execAuth'])
  })

  it('exports these types', async () => {
    expect(exportedNames(await source()).types).toEqual(['ExecAuthOptions'])
  })

  it('is a list of named exports, without code', async () => {
    const { values, rest } = exportedNames(await source())
    expect(values).toEqual(Object.keys(main).toSorted())
    expect(rest).toBe('')
  })

  it('sees of core only ./spec, and yaml', async () => {
    const externals = externalsOf(await moduleGraph('auth-exec/src/index.ts'))
    expect(externals.filter((name) => !name.startsWith('node:'))).toEqual(['@kubeclient/core/spec', 'yaml'])
  })

  it('has no import cycle and no source that its entry does not reach', async () => {
    const graph = await moduleGraph('auth-exec/src/index.ts')
    const sources: string[] = []
    for await (const file of glob('auth-exec/src/**/*.ts', { cwd: packagesFolder }))
      sources.push(file.replaceAll('\\', '/'))

    expect(cycleIn(graph)).toBeUndefined()
    expect([...graph.keys()].toSorted()).toEqual(sources.toSorted())
  })
})
