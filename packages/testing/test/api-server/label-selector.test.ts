import { describe, expect, it } from 'vitest'
import { parseLabelSelector } from '../../src/api-server/label-selector.ts'

const web = { app: 'web', tier: 'front', rank: '7' }

describe('parseLabelSelector', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app=db', false],
    ['app!=db', true],
    ['missing!=anything', true],
    ['app in (web, db)', true],
    ['app notin (web,db)', false],
    ['missing notin (a)', true],
    ['app', true],
    ['!app', false],
    ['! missing', true],
    ['app=web,tier in (front),!old', true],
    ['app=web,tier=back', false],
    ['rank>6', true],
    ['rank<6', false],
    ['app>6', false],
    ['in=web', false],
    ['missing=', false],
    ['constructor', false],
  ])('%s on the labels of a web server is %s', (text, expected) => {
    expect(parseLabelSelector(text)(web)).toBe(expected)
  })

  it.each([
    ['app in', `unable to parse requirement: found '' expected: '('`],
    ['app in (a', `unable to parse requirement: found '', expected: ',' or ')'`],
    ['a,,b', `found ',', expected: identifier after ','`],
    [',', `found ',', expected: !, identifier, or 'end of string'`],
    ['a=b c', `found 'c', expected: ',' or 'end of string'`],
    ['!a=b', `found '=', expected: ',' or 'end of string'`],
    [
      'a>x',
      `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
  ])('%s is refused in the words of the API server', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(message)
  })
})
