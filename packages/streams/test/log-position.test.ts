import { array, assert, constantFrom, integer, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LogPosition } from '../src/logs/log-position.ts'

const second = (n: number): string => new Date(Date.UTC(2026, 0, 2) + n * 1000).toISOString().slice(0, 19)
const secondOf = (time: string): number => Math.floor(Date.parse(time) / 1000)

describe('LogPosition', () => {
  it('drops no line of a log that is not in order', () => {
    const position = new LogPosition()

    expect([`${second(5)}Z`, `${second(3)}Z`, `${second(6)}Z`].map((time) => position.advance(time))).toEqual([
      true,
      true,
      true,
    ])
  })

  it('takes what has no time as new', () => {
    const position = new LogPosition()

    expect(position.advance('failed')).toBe(true)
    expect(position.sinceTime).toBeUndefined()
  })

  it('reads a log exactly once, wherever connections are lost, from a server that counts whole seconds', () => {
    const line = record({
      step: integer({ min: 0, max: 2 }),
      fraction: constantFrom('', '.1', '.10', '.2', '.000000003'),
    })
    assert(
      property(
        array(line, { maxLength: 40 }),
        array(integer({ min: 0, max: 15 }), { maxLength: 10 }),
        (steps, cuts) => {
          let now = 0
          const log = steps.map(({ step, fraction }, index) => ({
            time: `${second((now += step))}${fraction}Z`,
            index,
          }))
          const position = new LogPosition()
          const seen: number[] = []
          const read = (most: number): void => {
            const { sinceTime } = position
            const rest = log.filter(({ time }) => sinceTime === undefined || secondOf(time) >= secondOf(sinceTime))
            for (const { time, index } of rest.slice(0, most)) if (position.advance(time)) seen.push(index)
          }
          for (const cut of cuts) {
            read(cut)
            position.restart()
          }
          read(Infinity)
          // Lines of one time cannot be told apart: which of them is passed over does not matter, how many does.
          expect(seen.map((index) => log[index]?.time)).toEqual(log.map(({ time }) => time))
        },
      ),
      { numRuns: 500 },
    )
  })
})
