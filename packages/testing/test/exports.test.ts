import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { exportedNames } from '../../core/test/exported-names.ts'
import * as main from '../src/index.ts'

const sourceOf = (path: string): Promise<string> => readFile(new URL(`../src/${path}.ts`, import.meta.url), 'utf8')

describe('@kubeclient/testing', () => {
  it('exports these values', () => {
    expect(Object.keys(main).toSorted()).toEqual(['checkCredentialPlugin', 'startApiServer', 'startControlPlane'])
  })

  it('exports these types', async () => {
    expect(exportedNames(await sourceOf('index')).types).toEqual([
      'AcceptedEntry',
      'ApiServer',
      'ApiServerOptions',
      'ControlPlane',
      'ControlPlaneOptions',
      'CreateUserOptions',
      'CustomResource',
      'FailingEntry',
      'PluginCases',
      'PluginEntry',
      'RecordedRequest',
    ])
  })

  it('is a list of named exports, without code', async () => {
    const { values, rest } = exportedNames(await sourceOf('index'))
    expect(values).toEqual(Object.keys(main).toSorted())
    expect(rest).toBe('')
  })
})
