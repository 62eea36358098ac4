import { glob, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { exportedNames } from '../../core/test/exported-names.ts'
import { cycleIn, externalsOf, moduleGraph, packagesFolder } from '../../core/test/module-graph.ts'
import * as main from '../src/index.ts'

const source = (): Promise<string> => readFile(new URL('../src/index.ts', import.meta.url), 'utf8')

describe('@kubeclient/type-generator', () => {
  it('exports these values', () => {
    expect(Object.keys(main).toSorted()).toEqual([
      'definitionModules',
      'emitModule',
      'parseManifests',
      'readDefinition',
    ])
  })

  it('exports these types', async () => {
    expect(exportedNames(await source()).types).toEqual([
      'Definition',
      'ImportedType',
      'KindOfSchema',
      'NamedSchema',
      'Schema',
      'Served',
      'TypeModule',
    ])
  })

  it('is a list of named exports, without code', async () => {
    const { values, rest } = exportedNames(await source())
    expect(values).toEqual(Object.keys(main).toSorted())
    expect(rest).toBe('')
  })

  it('reads no file, asks no cluster and signs in nowhere as a library: that is the command', async () => {
    expect(externalsOf(await moduleGraph('type-generator/src/index.ts'))).toEqual(['@kubeclient/core/spec', 'yaml'])
  })

  it('has no import cycle and no source that neither library nor command reaches', async () => {
    const graph = new Map([
      ...(await moduleGraph('type-generator/src/index.ts')),
      ...(await moduleGraph('type-generator/src/main.ts')),
    ])
    const sources: string[] = []
    for await (const file of glob('type-generator/src/**/*.ts', { cwd: packagesFolder }))
      sources.push(file.replaceAll('\\', '/'))

    expect(cycleIn(graph)).toBeUndefined()
    expect([...graph.keys()].toSorted()).toEqual(sources.toSorted())
  })
})
