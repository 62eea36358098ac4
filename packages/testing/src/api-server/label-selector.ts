import { labelKeyProblem, labelValueProblem } from './label-syntax.ts'
import { badRequest, quote } from './status-failure.ts'

/** Decides on the labels of one object. */
export type LabelMatcher = (labels: Readonly<Record<string, unknown>>) => boolean

type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'gt' | 'lt' | 'exists' | '!'

const symbols = new Set(['=', '==', '!=', '>', '<', '(', ')', ',', '!'])

/**
 * Parses `app=web,tier in (a,b),!old`. Says what the API server says when it cannot.
 *
 * @throws {@link StatusFailure} 400
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseLabelSelector(text: string): LabelMatcher {
  const tokens = tokensOf(text)
  const matchers: LabelMatcher[] = []
  if (peek(tokens) === '') return () => true
  if (!startsRequirement(peek(tokens))) {
    throw badRequest(`found '${peek(tokens)}', expected: !, identifier, or 'end of string'`)
  }
  for (;;) {
    matchers.push(parseRequirement(tokens))
    const separator = take(tokens)
    if (separator === '') return (labels) => matchers.every((matches) => matches(labels))
    if (separator !== ',') throw badRequest(`found '${separator}', expected: ',' or 'end of string'`)
    if (!startsRequirement(peek(tokens))) throw badRequest(`found '${peek(tokens)}', expected: identifier after ','`)
  }
}

function parseRequirement(tokens: string[]): LabelMatcher {
  const negated = peek(tokens) === '!' && take(tokens) === '!'
  const key = take(tokens)
  if (!isIdentifier(key)) throw unparsable(`found '${key}', expected: identifier`)
  checkKey(key)
  const next = peek(tokens)
  if (negated) return requirement(key, '!', [])
  if (next === '' || next === ',') return requirement(key, 'exists', [])
  const operator = operatorOf(take(tokens))
  const values = operator === 'in' || operator === 'notin' ? parseValues(tokens) : [parseValue(tokens)]
  for (const [index, value] of values.entries()) checkValue(key, operator, value, index)
  return requirement(key, operator, values)
}

function requirement(key: string, operator: Operator, values: readonly string[]): LabelMatcher {
  return (labels) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined
    if (operator === 'exists') return value !== undefined
    if (operator === '!') return value === undefined
    if (operator === '!=' || operator === 'notin') return typeof value !== 'string' || !values.includes(value)
    if (typeof value !== 'string') return false
    if (operator === 'gt') return /^-?\d+$/.test(value) && Number(value) > Number(values[0])
    if (operator === 'lt') return /^-?\d+$/.test(value) && Number(value) < Number(values[0])
    return values.includes(value)
  }
}

function operatorOf(token: string): Operator {
  if (token === '=' || token === '==' || token === '!=' || token === 'in' || token === 'notin') return token
  if (token === '>') return 'gt'
  if (token === '<') return 'lt'
  throw unparsable(`found '${token}', expected: in, notin, =, ==, !=, gt, lt`)
}

function parseValue(tokens: string[]): string {
  const token = peek(tokens)
  if (token === '' || token === ',') return ''
  if (!isIdentifier(token)) throw unparsable(`found '${token}', expected: identifier`)
  return take(tokens)
}

function parseValues(tokens: string[]): string[] {
  const open = take(tokens)
  if (open !== '(') throw unparsable(`found '${open}' expected: '('`)
  const values = [parseListed(tokens)]
  while (peek(tokens) === ',') {
    take(tokens)
    values.push(parseListed(tokens))
  }
  const close = take(tokens)
  if (close !== ')') throw unparsable(`found '${close}', expected: ',' or ')'`)
  return values
}

/** Between commas there may be nothing, which stands for the empty value. */
function parseListed(tokens: string[]): string {
  return isIdentifier(peek(tokens)) ? take(tokens) : ''
}

function checkKey(key: string): void {
  const problem = labelKeyProblem(key)
  if (problem !== undefined) throw unparsable(`<nil>: Invalid value: ${quote(key)}: ${problem}`)
}

function checkValue(key: string, operator: Operator, value: string, index: number): void {
  const where = `values[${index}]`
  if (operator === 'gt' || operator === 'lt') {
    if (/^-?\d+$/.test(value)) return
    throw unparsable(`${where}: Invalid value: ${quote(value)}: for 'Gt', 'Lt' operators, the value must be an integer`)
  }
  const problem = labelValueProblem(value)
  if (problem !== undefined) throw unparsable(`${where}[${key}]: Invalid value: ${quote(value)}: ${problem}`)
}

function unparsable(why: string): Error {
  return badRequest(`unable to parse requirement: ${why}`)
}

/** Symbols are as long as they can be; everything between them and blanks is one identifier. */
function tokensOf(text: string): string[] {
  return text.match(/[=!]=|[=!<>(),]|[^=!<>(),\s]+/g) ?? []
}

function startsRequirement(token: string): boolean {
  return token === '!' || isIdentifier(token)
}

function isIdentifier(token: string): boolean {
  return token !== '' && !symbols.has(token)
}

/** `''` is the end. */
function peek(tokens: readonly string[]): string {
  return tokens[0] ?? ''
}

function take(tokens: string[]): string {
  return tokens.shift() ?? ''
}
