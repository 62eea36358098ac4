import { describe, expect, it } from 'vitest'
import { maskSecrets } from '../src/mask-secrets.ts'

describe('masking', () => {
  it.each([
    ['as it is', 'a b/c&d', 'a b/c&d'],
    ['as in a URL', 'a b/c&d', 'a%20b%2Fc%26d'],
    ['as in a form', 'a b/c&d', 'a+b%2Fc%26d'],
    ['in halves of characters', 'abc\ud800', 'abc\ud800'],
  ])('hides a value %s', (_, secret, text) => {
    expect(maskSecrets(`<${text}>`, [secret, undefined])).toBe('<***>')
  })

  it('hides the longer of two values whole', () => {
    expect(maskSecrets('secret-and-more secret', ['secret', 'secret-and-more'])).toBe('*** ***')
  })

  it('hides what looks like a token, and leaves words', () => {
    expect(maskSecrets('got eyJhbGciOiJub25lIn0.e30. by Bearer abc', ['get'])).toBe('got *** by Bearer ***')
  })
})
