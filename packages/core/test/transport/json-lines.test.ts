import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineDecoder } from '../../src/transport/json-lines.ts'
import { kubeError } from '../support/caught.ts'

function decode(chunks: readonly Uint8Array[]): { lines: string[]; pending: boolean } {
  const lines: string[] = []
  const decoder = new LineDecoder((line) => lines.push(line))
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
        expect(lines).toEqual(whole.filter((words) => words !== ''))
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
    const decoder = new LineDecoder((line) => lines.push(line))
    const chunk = Buffer.from('abc')
    decoder.push(chunk)
    chunk.fill('x')
    decoder.push(Buffer.from('d\n'))
    expect(lines).toEqual(['abcd'])
  })

  it('longer than 64 MiB are refused', async () => {
    const decoder = new LineDecoder(() => undefined)
    const chunk = Buffer.alloc(16 << 20, 'x')
    for (let count = 0; count < 4; count += 1) decoder.push(chunk)
    const error = await kubeError('KUBE_PROTOCOL', () => decoder.push(Buffer.from('x')))
    expect(error.message).toBe('a line of the stream is longer than 64 MiB')
  })

  it('a plain Uint8Array, a view into a larger buffer, is read as such', () => {
    const large = new TextEncoder().encode('xxabc\nyy')
    expect(decode([large.subarray(2, 6)])).toEqual({ lines: ['abc'], pending: false })
  })
})
