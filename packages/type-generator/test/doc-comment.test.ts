import { assert, property } from 'fast-check'
import { parseAst } from 'rolldown/parseAst'
import { describe, expect, it } from 'vitest'
import { docComment } from '../src/doc-comment.ts'
import { hostileText } from './hostile-text.ts'

describe('docComment', () => {
  it('is empty without a text', () => {
    expect([docComment(undefined), docComment(''), docComment(' \n ')]).toEqual(['', '', ''])
  })

  it('is one line where the text fits, and wraps it where it does not', () => {
    const long = docComment('word '.repeat(50), '  ')

    expect(docComment('Short.', '  ')).toBe('  /** Short. */\n')
    expect(long.split('\n').every((line) => line.length <= 120)).toBe(true)
    expect(long.match(/word/g)).toHaveLength(50)
  })

  it('makes @see of where to read more, once', () => {
    const text = 'The name. More info: https://example.com/names. Cannot change. More info: https://example.com/names'

    expect(docComment(text)).toBe('/**\n * The name. Cannot change.\n *\n * @see https://example.com/names\n */\n')
  })

  it('leaves a link that is too long where its tag is', () => {
    const link = `https://example.com/${'a'.repeat(120)}`

    expect(docComment(`More info: ${link}`)).toBe(`/**\n * @see ${link}\n */\n`)
  })

  it.each(['Deprecated: use b.', 'Deprecated. use b.', 'DEPRECATED: use b.'])('makes @deprecated of %j', (text) => {
    expect(docComment(text)).toBe('/** @deprecated use b. */\n')
  })

  it('makes @deprecated of a sentence that says so of the field', () => {
    expect(docComment('A list. This field is deprecated in favor of b.')).toBe(
      '/**\n * A list.\n *\n * @deprecated This field is deprecated in favor of b.\n */\n',
    )
  })

  it('deprecates nothing where something else is', () => {
    expect(docComment('Reasons: NodeDeprecated: is old.')).toBe('/** Reasons: NodeDeprecated: is old. */\n')
  })

  it('puts the lines of lists back that were lost on the way, and keeps those that are there', () => {
    expect(docComment('One of: * a * b * c')).toBe('/**\n * One of:\n * - a\n * - b\n * - c\n */\n')
    expect(docComment('One of:\n - a\n - b')).toBe('/**\n * One of:\n *  - a\n *  - b\n */\n')
    expect(docComment('- a: one; - b: two. - c: an - three')).toBe(
      '/**\n * - a: one;\n * - b: two.\n * - c: an - three\n */\n',
    )
    expect(docComment('One of: - a: 1 - b: 2')).toBe('/**\n * One of:\n * - a: 1\n * - b: 2\n */\n')
    expect(docComment(`- 'a' - 1, - 'b' - 2`)).toBe(`/**\n * - 'a' - 1,\n * - 'b' - 2\n */\n`)
    expect(docComment('One of:\n - `a`\n - `b`')).toBe('/**\n * One of:\n *  - `a`\n *  - `b`\n */\n')
    expect(docComment('One of: - a. - b')).toBe('/**\n * One of:\n * - a.\n * - b\n */\n')
    expect(docComment('a * b')).toBe('/** a * b */\n')
    expect(docComment('It - a: 1, ends. - No list')).toBe('/** It - a: 1, ends. - No list */\n')
  })

  it('begins no tag and no element where the text has none of ours', () => {
    expect(docComment('@default 1\n<b>bold</b> and a < b')).toBe(
      '/**\n * ' + String.raw`\@default 1` + '\n * ' + String.raw`\<b>bold\</b> and a < b` + '\n */\n',
    )
  })

  it('begins no tag in the middle of a line, where compilers see one as well', () => {
    expect(docComment('See @deprecated and a@b.example.')).toBe(
      `/** ${String.raw`See \@deprecated and a@b.example.`} */\n`,
    )
  })

  it('reads a text of many spaces in one go', () => {
    const spaces = ' '.repeat(2_000_000)

    expect(docComment(`a${spaces}b. More info: https://example.com/`)).toBe(
      '/**\n * a b.\n *\n * @see https://example.com/\n */\n',
    )
  })

  it('ends where it says, whatever the text is', () => {
    assert(
      property(hostileText, hostileText, (description, more) => {
        const source = `${docComment(`${description}${more}`)}export const a = 1\n${docComment(more, '  ')}`

        const { body } = parseAst(source, { lang: 'ts' })

        expect(body.map(({ type }) => type)).toEqual(['ExportNamedDeclaration'])
        expect(source).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(source).not.toMatch(/(?<!\S)@(?!see |deprecated )/)
      }),
      { numRuns: 500 },
    )
  })
})
