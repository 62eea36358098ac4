import { glob, readFile } from 'node:fs/promises'
import { parseAst } from 'rolldown/parseAst'
import { describe, expect, it } from 'vitest'
import { exportedNames } from '../../core/test/exported-names.ts'
import * as main from '../src/index.ts'

const folder = new URL('../src/', import.meta.url)
const modules = (await Array.fromAsync(glob('**/*.ts', { cwd: folder }))).map((file) => file.replaceAll('\\', '/'))

describe('@kubeclient/resources', () => {
  it('exports these values', () => {
    expect(Object.keys(main)).toEqual(['defineResource'])
  })

  it('exports these types, and is a list of named exports', async () => {
    const { types, values, rest } = exportedNames(await readFile(new URL('index.ts', folder), 'utf8'))

    expect(types).toEqual([
      'Condition',
      'IntOrString',
      'LabelSelector',
      'LabelSelectorRequirement',
      'ListMeta',
      'ManagedFieldsEntry',
      'ObjectMeta',
      'OwnerReference',
      'PartialObjectMetadata',
      'Quantity',
      'Status',
      'StatusCause',
      'StatusDetails',
      'Table',
    ])
    expect([values, rest]).toEqual([['defineResource'], ''])
  })

  it.each(modules.filter((path) => path !== 'index.ts'))('takes from elsewhere only types in %s', async (path) => {
    const statements = parseAst(await readFile(new URL(path, folder), 'utf8'), { lang: 'ts' }).body
    const imported = statements.flatMap((each) => {
      if (each.type === 'ImportDeclaration') return [`${each.importKind} ${each.source.value}`]
      if (each.type === 'ExportNamedDeclaration' && each.source) return [`${each.exportKind} ${each.source.value}`]
      return []
    })

    // So it loads no other module, and a bundle of it has nothing else in it.
    expect(imported.filter((each) => !/^type (?:@kubeclient\/core\/spec|\.\.\/\w+\/v\w+\.ts)$/.test(each))).toEqual([])
  })
})
