import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineDecoder } from '../../src/transport/json-lines.ts'

const tooLong = (): Error => new Error('too long')

function decode(chunks: readonly Uint8Array[]): { lines: string[]; pending: boolean } {
  const lines: string[] = []
  const decoder = new LineDecoder((line) => lines.push(line), 64 << 20, tooLong)
  for (const chunk of chunks) decoder.push(chunk)
  return { lines, pending: decoder.pending }
}

/** Cuts bytes at the places given, which may be anywhere. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}

describe('lines', () => {
  it('are the same however the bytes are cut, inside characters too', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'ä', '日', '😀', '"', '\r', ' ', '\u2028') })
    fc.assert(
      fc.property(fc.array(line), line, fc.array(fc.nat()), (whole, rest, places) => {
        const bytes = Buffer.from(whole.map((words) => `${words}\n`).join('') + rest)
        const { lines, pending } = decode(cut(bytes, places))
        expect(lines).toEqual(whole.filter((words) => words !== '' && words !== '\r'))
        expect(pending).toBe(rest !== '')
      }),
      { numRuns: 500 },
    )
  })

  it('may be 10 MB long, in chunks of 64 KiB, and a short one follows', () => {
    const long = 'ä'.repeat(5 << 20)
    const bytes = Buffer.from(`${long}\nshort\n`)
    const chunks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
      bytes.subarray(index * 65_536, (index + 1) * 65_536),
    )
    const { lines, pending } = decode(chunks)
    expect(lines.map(({ length }) => length)).toEqual([long.length, 5])
    expect(lines[0] === long).toBe(true)
    expect(pending).toBe(false)
  })

  it('do not change when the chunk they came in is used again', () => {
    const lines: string[] = []
    const decoder = new LineDecoder((line) => lines.push(line), 3, tooLong)
    const chunk = Buffer.from('abc')
    decoder.push(chunk)
    chunk.fill('x')
    decoder.push(Buffer.from('\n'))
    expect(lines).toEqual(['abc'])
  })

  it('that are too long are refused, wherever they are cut, and those before them are not lost', () => {
    const bytes = Buffer.from('abc\nabcd\n')
    for (let place = 0; place <= bytes.length; place += 1) {
      const lines: string[] = []
      const decoder = new LineDecoder((line) => lines.push(line), 3, tooLong)
      expect(() => cut(bytes, [place]).forEach((chunk) => decoder.push(chunk))).toThrow('too long')
      expect(lines).toEqual(['abc'])
    }
  })

  it('of nothing but the end of a line in the manner of Windows are none', () => {
    expect(decode([Buffer.from('a\r\n\r\n')]).lines).toEqual(['a\r'])
  })

  it('a plain Uint8Array, a view into a larger buffer, is read as such', () => {
    const large = new TextEncoder().encode('xxabc\nyy')
    expect(decode([large.subarray(2, 6)])).toEqual({ lines: ['abc'], pending: false })
  })
})
