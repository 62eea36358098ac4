import { describe, expect, it } from 'vitest'
import { compareVersions } from '../src/compare-versions.ts'

describe('compareVersions', () => {
  it.each([
    ['9', '10', -1],
    ['10', '9', 1],
    ['123', '124', -1],
    ['7', '7', 0],
    ['18446744073709551615', '18446744073709551614', 1],
    ['abc', 'abc', 0],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b) ?? Number.NaN)).toBe(sign)
  })

  it.each([
    ['0', '1'],
    ['01', '1'],
    ['abc', '1'],
    ['', '1'],
  ])('%j has no order against %j', (a, b) => {
    expect(compareVersions(a, b)).toBeUndefined()
  })
})
