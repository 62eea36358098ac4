import { type Arbitrary, array, constant, constantFrom, integer, oneof, record } from 'fast-check'
import type { Fault } from './fault-proxy.ts'

/** One thing that happens while an informer runs. */
export type Happening =
  | { readonly put: string }
  | { readonly remove: string }
  | { readonly fault: Fault }
  | { readonly compact: true }
  | { readonly restart: true }
  | { readonly breakAll: true }
  | { readonly jump: number }
  | { readonly pause: number }

const name = constantFrom('a', 'b', 'c', 'd', 'e')

const kinds: readonly Fault['kind'][] = [
  'reset',
  'stall',
  'truncate',
  'trickle',
  'gone',
  'busy',
  'broken',
  'unavailable',
  'forbidden',
  'unsupported',
  'goneInStream',
  'brokenInStream',
  'rotate',
  'down',
]

const fault: Arbitrary<Fault> = record({ kind: constantFrom(...kinds), after: integer({ min: 0, max: 1500 }) })

const happening: Arbitrary<Happening> = oneof(
  { weight: 6, arbitrary: record({ put: name }) },
  { weight: 3, arbitrary: record({ remove: name }) },
  { weight: 6, arbitrary: record({ fault }) },
  { weight: 4, arbitrary: record({ pause: integer({ min: 0, max: 8 }) }) },
  { weight: 2, arbitrary: record({ breakAll: constant(true as const) }) },
  { weight: 1, arbitrary: record({ compact: constant(true as const) }) },
  { weight: 1, arbitrary: record({ restart: constant(true as const) }) },
  { weight: 1, arbitrary: record({ jump: integer({ min: -600_000, max: 600_000 }) }) },
)

/** Trouble from the first request on, and then whatever comes. */
export const randomHistory: Arbitrary<readonly Happening[]> = array(happening, {
  minLength: 1,
  maxLength: 40,
  size: 'max',
})
