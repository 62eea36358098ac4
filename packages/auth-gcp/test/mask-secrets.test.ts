import { describe, expect, it } from 'vitest'
import { maskSecrets } from '../src/mask-secrets.ts'

describe('maskSecrets', () => {
  it.each([
    ['as it is', 'a secret/of+me'],
    ['in a URL', 'a%20secret%2Fof%2Bme'],
    ['in a form', 'a+secret%2Fof%2Bme'],
  ])('replaces a value %s', (_, text) => {
    expect(maskSecrets(`<${text}>`, ['a secret/of+me', undefined])).toBe('<***>')
  })

  it('replaces half of a character, as it is and as it is sent', () => {
    expect(maskSecrets('hunter\uD800 hunter\uFFFD hunter%EF%BF%BD', ['hunter\uD800'])).toBe('*** *** ***')
  })

  it('replaces the longest first, and what looks like a credential', () => {
    expect(maskSecrets('secret-and-more secret ya29.a 1//0abcdefgh', ['secret', 'secret-and-more'])).toBe(
      '*** *** *** ***',
    )
  })

  it('leaves nothing of a text that more values may be in than can be looked for', () => {
    const values = Array.from({ length: 1001 }, (_, index) => `value-${index}`)
    expect(maskSecrets('because', [...values, ...values].slice(1, 1001))).toBe('because')
    expect(maskSecrets('because', values)).toBe('***')
  })
})
