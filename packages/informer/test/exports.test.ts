import { readdir, readFile } from 'node:fs/promises'
import { allNamespaces } from '@kubeclient/core'
import { expect, it } from 'vitest'
import { allNamespaces as ours } from '../src/all-namespaces.ts'
import * as informer from '../src/index.ts'

it('@kubeclient/informer exports these values', () => {
  expect(Object.keys(informer).toSorted()).toEqual([
    'ConditionTimeoutError',
    'createInformer',
    'hasCondition',
    'isDeleted',
    'isRolledOut',
    'waitForCondition',
    'withoutManagedFields',
  ])
})

it('@kubeclient/informer imports nothing that runs but core’s ground floor, so that it goes with every entry of core', async () => {
  const folder = new URL('../src/', import.meta.url)
  const sources = await Promise.all((await readdir(folder)).map((name) => readFile(new URL(name, folder), 'utf8')))
  const imports = sources.flatMap((source) => source.match(/^(?:import|export) (?!type )[^;]*? from '[^']+'/gm) ?? [])
  const packages = imports.map((line) => /'([^']+)'$/.exec(line)?.[1] ?? '').filter((name) => !name.startsWith('./'))

  expect(new Set(packages)).toEqual(new Set(['@kubeclient/core/spec']))
  expect(ours).toBe(allNamespaces)
})
