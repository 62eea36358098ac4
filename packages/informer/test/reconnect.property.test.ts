import {
  type Arbitrary,
  array,
  assert,
  constant,
  constantFrom,
  double,
  integer,
  oneof,
  property,
  record,
} from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Mishap, simulate, type Write } from './support/simulate.ts'
import { seeded } from './support/seeded.ts'

const key = constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const write: Arbitrary<Write> = oneof(
  { weight: 4, arbitrary: record({ put: key }) },
  { weight: 2, arbitrary: record({ remove: key }) },
  { weight: 1, arbitrary: record({ compact: constant(true as const) }) },
)
const mishap: Arbitrary<Mishap> = record({
  after: integer({ min: 0, max: 12 }),
  outcome: constantFrom('none', 'ended', 'lost', 'busy', 'expired', 'future', 'refused', 'invalid', 'silent'),
  writes: array(write, { maxLength: 4 }),
  takes: oneof(integer({ min: 0, max: 500 }), integer({ min: -1_000_000, max: 1_000_000 })),
  random: double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
})
const history = array(mishap, { maxLength: 30 })

describe('reconnect, over random histories', () => {
  it('ends with a copy that equals the server, at its version, and never went back', () => {
    assert(
      property(history, (mishaps) => {
        const { server, copy, state, versions } = simulate(mishaps)

        expect(state.phase).toBe('watching')
        expect(Object.fromEntries(copy)).toEqual(Object.fromEntries(server.objects))
        expect(Number(state.version)).toBe(server.revision)
        expect(versions).toEqual(versions.toSorted((a, b) => a - b))
      }),
      seeded(1000),
    )
  })

  it('opens no more than five connections without a wait between them, and waits no longer than two minutes', () => {
    assert(
      property(history, (mishaps) => {
        const { opened, longestRow, waits } = simulate(mishaps)

        expect(longestRow).toBeLessThanOrEqual(5)
        expect(waits.every((ms) => ms >= 0 && ms <= 120_000)).toBe(true)
        // Each mishap costs a connection, and the last copy at most those of one row.
        expect(opened).toBeLessThanOrEqual(mishaps.length + 6)
      }),
      seeded(1000),
    )
  })

  it('is a function: the same history gives the same outcome', () => {
    assert(
      property(history, (mishaps) => {
        expect(simulate(mishaps)).toEqual(simulate(mishaps))
      }),
      seeded(100),
    )
  })
})
