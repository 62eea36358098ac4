import { assert, dictionary, array, letrec, oneof, property, record, constantFrom } from 'fast-check'
import { parseAst } from 'rolldown/parseAst'
import { describe, expect, it } from 'vitest'
import { definitionModules } from '../src/index.ts'
import { hostileText } from './hostile-text.ts'

/** Without halves of characters, which the parser does not give back as they are. */
const name = hostileText.map((text) => text.toWellFormed())

const { schema } = letrec<{ schema: object }>((tie) => ({
  schema: oneof(
    { maxDepth: 4, withCrossShrink: true },
    record({
      type: constantFrom('string', 'integer', 'oops'),
      description: hostileText,
      enum: array(name, { maxLength: 3 }),
    }),
    record({
      type: constantFrom('object', 'array'),
      description: hostileText,
      properties: dictionary(name, tie('schema'), { maxKeys: 4 }),
      required: array(name, { maxLength: 2 }),
      items: tie('schema'),
      additionalProperties: tie('schema'),
    }),
  ),
}))

type Statement = ReturnType<typeof parseAst>['body'][number]

/** What a statement declares, and how. */
function declared(statement: Statement): string {
  if (statement.type !== 'ExportNamedDeclaration') return statement.type
  const { declaration } = statement
  if (declaration?.type === 'TSInterfaceDeclaration') return `interface ${declaration.id.name}`
  if (declaration?.type !== 'VariableDeclaration') return String(declaration?.type)
  const names = declaration.declarations.map(({ id, init }) => `${id.type === 'Identifier' && id.name} ${init?.type}`)
  return `${declaration.kind} ${names.join()}`
}

/** The fields of an interface as the parser reads them. */
function fieldNames(statements: readonly Statement[], interfaceName: string): unknown[] {
  const found = statements.find((each) => declared(each) === `interface ${interfaceName}`)
  if (found?.type !== 'ExportNamedDeclaration' || found.declaration?.type !== 'TSInterfaceDeclaration') return []
  return found.declaration.body.body.flatMap((member) => {
    if (member.type !== 'TSPropertySignature') return []
    return member.key.type === 'Identifier' ? [member.key.name] : [(member.key as { value?: unknown }).value] // a literal
  })
}

describe('definitionModules', () => {
  it('writes, whatever a schema says, one interface and one constant for a kind, and interfaces of its parts', () => {
    assert(
      property(schema, dictionary(name, schema, { maxKeys: 4 }), (description, properties) => {
        const root = { ...description, properties }
        const versions = [{ name: 'v1', schema: root }]
        const [source = ''] = definitionModules([
          { group: 'example.com', kind: 'Trap', resource: 'traps', namespaced: true, versions },
        ]).values()

        const { body } = parseAst(source, { lang: 'ts' })
        const [first, ...exported] = body.map(declared)

        expect(first).toBe('ImportDeclaration')
        expect(exported.slice(0, 2)).toEqual(['interface Trap', 'const Trap ObjectExpression'])
        expect(exported.slice(2).filter((each) => !each.startsWith('interface Trap'))).toEqual([])
        expect(new Set(exported).size).toBe(exported.length)
        expect(fieldNames(body, 'Trap')).toEqual(['apiVersion', 'kind', 'metadata', ...Object.keys(properties)])
      }),
      { numRuns: 300 },
    )
  })
})
