import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quote } from '../../src/transport/quote.ts'

describe('quote', () => {
  it.each([
    ['plain words', 'plain words'],
    ['ä 😀 "quoted"', 'ä 😀 "quoted"'],
    ['a\nb\r\tc', String.raw`a\nb\r\tc`],
    ['\u0000\u001b[31m', String.raw`\u0000\u001b[31m`],
    ['\u007f\u0085\u009b', String.raw`\u007f\u0085\u009b`],
    ['a\u2028b\u2029c', String.raw`a\u2028b\u2029c`],
  ])('%j becomes %j', (text, quoted) => {
    expect(quote(text)).toBe(quoted)
  })

  it('keeps 256 characters unless told otherwise, and says that it cut', () => {
    expect(quote('x'.repeat(257))).toBe(`${'x'.repeat(256)}…`)
    expect(quote('x'.repeat(256))).toBe('x'.repeat(256))
    expect(quote('abc', { limit: 2 })).toBe('ab…')
  })

  it('masks every secret everywhere, before it cuts', () => {
    expect(quote('a KEY b KEY, PASS', { secrets: ['KEY', 'PASS'] })).toBe('a *** b ***, ***')
    expect(quote('xxSECRET', { secrets: ['SECRET'], limit: 5 })).toBe('xx***')
  })

  it('masks the longest first, as one may be a part of another', () => {
    expect(quote('xx-PASS-yy PASS', { secrets: ['PASS', 'xx-PASS-yy', ''] })).toBe('*** ***')
  })

  it('takes a secret for what it is, and not for a pattern', () => {
    expect(quote('a.c abc $& $1', { secrets: ['a.c', '$1'] })).toBe('*** abc $& ***')
  })

  it('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // oxlint-disable-next-line no-control-regex -- that is the point
        expect(quote(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
      }),
    )
  })
})
