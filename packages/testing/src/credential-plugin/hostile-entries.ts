import type { AuthInfo } from '@kubeclient/core/spec'

type Path = readonly (string | number)[]

/** Copies of an entry, each with one field that is not as it should be. */
export function* hostileEntries(authInfo: AuthInfo): Generator<{ what: string; authInfo: AuthInfo }> {
  for (const { path, value } of partsOf(authInfo, [])) {
    const hostile = typeof value === 'string' ? [...oddTypes, ...oddTexts] : [...oddTypes, withProto(value)]
    for (const [what, odd] of hostile) {
      const changed = replaced(authInfo, path, odd) as AuthInfo // what its type forbids is the point
      yield { what: `${path.join('.')} is ${what}`, authInfo: changed }
    }
  }
}

const oddTypes: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 42],
  ['a boolean', true],
  ['a list', [['x']]],
  ['an object', { x: 'y' }],
]

const oddTexts: readonly (readonly [string, unknown])[] = [
  ['empty', ''],
  ['a mebibyte long', 'x'.repeat(1024 * 1024)],
  ['text with a line break', 'x\r\nforged: yes'],
  ['text with a NUL', 'x\0y'],
  ['text with a lone surrogate', 'x\u{d800}y'],
  ['__proto__', '__proto__'],
]

function withProto(value: unknown): readonly [string, unknown] {
  const proto: unknown = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
  const odd = Array.isArray(value)
    ? [...value, proto]
    : Object.defineProperties({ ...Object(value) }, Object.getOwnPropertyDescriptors(proto))
  return ['with __proto__', odd]
}

function* partsOf(value: unknown, path: Path): Generator<{ path: Path; value: unknown }> {
  if (path.length > 0) yield { path, value }
  if (typeof value !== 'object' || value === null) return
  const steps = Array.isArray(value) ? value.map((part, index) => [index, part] as const) : Object.entries(value)
  for (const [step, part] of steps) yield* partsOf(part, [...path, step])
}

function replaced(value: unknown, [step, ...rest]: Path, odd: unknown): unknown {
  if (step === undefined) return odd
  if (Array.isArray(value)) return value.map((part, index) => (index === step ? replaced(part, rest, odd) : part))
  const entries = Object.entries(Object(value)).map(([name, part]) => [
    name,
    name === step ? replaced(part, rest, odd) : part,
  ])
  return Object.fromEntries(entries)
}
