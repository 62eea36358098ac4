import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { exportedNames } from '../../core/test/exported-names.ts'
import * as main from '../src/index.ts'
import * as parse from '../src/parse.ts'

const sourceOf = (path: string): Promise<string> => readFile(new URL(`../src/${path}.ts`, import.meta.url), 'utf8')

describe('@kubeclient/kubeconfig', () => {
  it('exports these values', () => {
    expect(Object.keys(main).toSorted()).toEqual([
      'loadInCluster',
      'loadKubeconfig',
      'parseKubeconfig',
      'readKubeconfig',
    ])
  })

  it('exports these types', async () => {
    expect(exportedNames(await sourceOf('index')).types).toEqual([
      'ClientConfigOptions',
      'ContextInfo',
      'Kubeconfig',
      'KubeconfigWarning',
      'LoadInClusterOptions',
      'LoadKubeconfigOptions',
    ])
  })

  it('is a list of named exports, without code', async () => {
    const { values, rest } = exportedNames(await sourceOf('index'))
    expect(values).toEqual(Object.keys(main).toSorted())
    expect(rest).toBe('')
  })
})

describe('@kubeclient/kubeconfig/parse', () => {
  it('exports these values', () => {
    expect(Object.keys(parse).toSorted()).toEqual(['parseKubeconfig'])
  })

  it('exports these types', async () => {
    expect(exportedNames(await sourceOf('parse')).types).toEqual([
      'ClientConfigOptions',
      'ContextInfo',
      'Kubeconfig',
      'KubeconfigWarning',
    ])
  })

  it('is a list of named exports, without code', async () => {
    const { values, rest } = exportedNames(await sourceOf('parse'))
    expect(values).toEqual(Object.keys(parse).toSorted())
    expect(rest).toBe('')
  })
})
