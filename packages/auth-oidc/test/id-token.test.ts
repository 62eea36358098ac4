import { describe, expect, it } from 'vitest'
import { expiryOf, isUsable } from '../src/id-token.ts'

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function jwt(claims: unknown): string {
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`
}

describe('the end of an id token', () => {
  it.each<[string, unknown, number]>([
    ['whole seconds', { exp: 1000 }, 1_000_000],
    ['a fraction', { exp: 1000.5 }, 1_000_500],
    ['letters beyond ASCII around it', { name: 'Zoë 日本', exp: 1000 }, 1_000_000],
    ['no end', { sub: 'jane' }, 0],
    ['an end in words', { exp: 'tomorrow' }, 0],
    ['__proto__', JSON.parse('{"__proto__":{"exp":1000}}'), 0],
    ['more than a date can hold', { exp: 1e300 }, 8.64e15],
    ['less than a date can hold', { exp: -1e300 }, 0],
  ])('is read from %s', (_, claims, expected) => {
    expect(expiryOf(jwt(claims))).toBe(expected)
  })

  it('may be in padded base64', () => {
    expect(expiryOf(`e30=.${Buffer.from('{"exp":1}').toString('base64')}.`)).toBe(1000)
  })

  it.each(['', 'opaque', 'a.b', 'a.b.c.d', 'a.!.c', `a.${btoa('no JSON')}.c`, `a.${btoa('1')}.c`, `${jwt({})}\n`])(
    'is not read from %j, which is no token',
    (text) => {
      expect(expiryOf(text)).toBeUndefined()
    },
  )

  it('is ten seconds early, as in kubectl', () => {
    const token = jwt({ exp: 1000 })

    expect(isUsable(token, 989_999)).toBe(true)
    expect(isUsable(token, 990_000)).toBe(false)
    expect(isUsable(jwt({}), 0)).toBe(false)
  })
})
