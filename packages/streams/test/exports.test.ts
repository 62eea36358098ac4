import { readdir, readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import * as streams from '../src/index.ts'
import * as node from '../src/node.ts'

it('@kubeclient/streams exports these values', () => {
  expect(Object.keys(streams).toSorted()).toEqual([
    'attach',
    'copyFrom',
    'copyTo',
    'exec',
    'followLogs',
    'forwardPort',
    'podLogs',
    'portForward',
  ])
  expect(Object.keys(node)).toEqual(['forwardSocket'])
})

it('@kubeclient/streams runs nothing of core but its ground floor, so that it goes with every entry of core', async () => {
  const folder = new URL('../src/', import.meta.url)
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'))
  const sources = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')))
  const imports = sources.flatMap((source) => source.match(/^(?:import|export) (?!type )[^;]*? from '[^']+'/gm) ?? [])
  const packages = imports.map((line) => /'([^']+)'$/.exec(line)?.[1] ?? '').filter((name) => name.startsWith('@'))

  expect(sources.length).toBeGreaterThan(20)
  expect(new Set(packages)).toEqual(new Set(['@kubeclient/core/spec']))
})
