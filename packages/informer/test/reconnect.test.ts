import { describe, expect, it } from 'vitest'
import type { Failure } from '../src/classify-failure.ts'
import { reconnect, silenceMs } from '../src/reconnect.ts'
import { type Activity, initialState, type Input, type ReconnectState } from '../src/reconnect-state.ts'

/** Feeds inputs one after the other and says what the machine wants after each. */
function run(inputs: readonly (Input & { at?: number })[], from: ReconnectState = initialState) {
  let state = from
  const activities: (Activity | undefined)[] = []
  const orders: (string | undefined)[] = []
  for (const { at = 0, ...input } of inputs) {
    const step = reconnect(state, input, { now: at, random: 0 })
    state = step.state
    activities.push(step.activity)
    orders.push(step.store)
  }
  return { state, activities, orders, last: activities.at(-1) }
}

const start: Input = { type: 'start' }
const waited: Input = { type: 'waited' }
const ended: Input = { type: 'ended' }
const event = (version?: string): Input => ({ type: 'event', version })
const bookmark = (version: string): Input => ({ type: 'bookmark', version, endsInitial: false })
const initialEnd = (version: string): Input => ({ type: 'bookmark', version, endsInitial: true })
const checked = (at: number) => ({ type: 'checked', at }) as const
const page = (version: string, isLast = true): Input => ({ type: 'page', version, isLast })
const failed = (kind: Failure['kind'], retryAfterMs = 0): Input => ({ type: 'failed', failure: { kind, retryAfterMs } })
const list = (version?: string, whole = false) => ({ do: 'list', version, whole })
const stream = (version?: string) => ({ do: 'stream', version, timeoutSeconds: 300 })
const watch = (version: string) => ({ do: 'watch', version, timeoutSeconds: 300 })
const wait = (ms: number) => ({ do: 'wait', ms })

const watching = run([start, initialEnd('10'), event('11')]).state

describe('the first copy', () => {
  it('streams the present state, buffers it, and swaps it in at the bookmark that ends it', () => {
    const { state, activities, orders } = run([start, event('7'), event('3'), bookmark('9'), initialEnd('10')])

    expect(activities).toEqual([stream(), undefined, undefined, undefined, undefined])
    expect(orders).toEqual([undefined, 'buffer', 'buffer', undefined, 'swap'])
    expect(state).toMatchObject({ phase: 'watching', version: '10', synced: true })
  })

  it('has no version before it is complete: initial events come in no order', () => {
    expect(run([start, event('7')]).state.version).toBeUndefined()
  })

  it('lists at once when the server does not know how to stream, and remembers that for ten minutes', () => {
    const unsupported = run([start, failed('invalid')])
    expect(unsupported.last).toEqual(list())

    const expired = run([page('5'), failed('expired'), { ...waited, at: 599_999 }], unsupported.state)
    expect(expired.last).toEqual(list('5'))
    const later = run([page('5'), failed('expired'), { ...waited, at: 600_000 }], unsupported.state)
    expect(later.last).toEqual(stream('5'))
  })

  it('lists when it may not watch', () => {
    expect(run([start, failed('refused')]).last).toEqual(list())
  })

  it('lists when initial events stop coming and nobody says that they are complete', () => {
    const heard: Input & { at: number } = { ...event('7'), at: 5000 }

    expect(run([start, heard, checked(4999 + silenceMs)]).last).toBeUndefined()
    expect(run([start, heard, checked(5000 + silenceMs)]).last).toEqual(list())
  })

  it('lists after three streams that broke off, and then streams again', () => {
    const { activities } = run([start, ended, waited, failed('lost'), waited, ended, waited, failed('lost'), waited])

    expect(activities.filter((activity) => activity?.do !== 'wait')).toEqual([
      stream(),
      stream(),
      stream(),
      list(),
      stream(),
    ])
  })

  it('watches from the version of the list, page after page', () => {
    const { activities, orders } = run([start, failed('invalid'), page('5', false), page('5')])

    expect(orders).toEqual([undefined, undefined, 'buffer', 'swap'])
    expect(activities.slice(2)).toEqual([undefined, watch('5')])
  })

  it('lists in one piece, once, when the next page has expired', () => {
    const { activities } = run([start, failed('invalid'), page('5', false), failed('expired'), failed('expired')])

    expect(activities.slice(3)).toEqual([list(undefined, true), wait(800)])
  })
})

describe('a watch', () => {
  it('follows events and bookmarks, and takes nothing that is older', () => {
    const { state, orders } = run([event('12'), bookmark('20'), event('19'), event('20'), bookmark('15')], watching)

    expect(orders).toEqual(['apply', undefined, undefined, 'apply', undefined])
    expect(state.version).toBe('20')
  })

  it('is opened again within a second of its end, from the version of the last event', () => {
    expect(run([ended, waited], watching).activities).toEqual([wait(0), watch('11')])
    const step = reconnect(watching, ended, { now: 0, random: 0.99 })
    expect(step.activity).toEqual(wait(990))
  })

  it('backs off from 0.8 s to 30 s, doubling', () => {
    const inputs = Array.from({ length: 8 }, () => [failed('lost'), waited]).flat()

    const waits = run(inputs, watching).activities.filter((activity) => activity?.do === 'wait')

    expect(waits).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000].map(wait))
  })

  it('waits up to twice as long by chance', () => {
    const { activity } = reconnect(watching, failed('lost'), { now: 0, random: 0.5 })
    expect(activity).toEqual(wait(1200))
  })

  it('waits as long as the server says, within a minute', () => {
    expect(run([failed('lost', 7000)], watching).last).toEqual(wait(7000))
    expect(run([failed('lost', 3_600_000)], watching).last).toEqual(wait(60_000))
  })

  it('begins anew with short waits after an event, a bookmark, or two minutes', () => {
    const worn = run([failed('lost'), waited, failed('lost'), waited], watching).state

    expect(run([event('12'), failed('lost')], worn).last).toEqual(wait(800))
    expect(run([bookmark('11'), failed('lost')], worn).last).toEqual(wait(800))
    expect(run([{ ...failed('lost'), at: 119_999 }], worn).last).toEqual(wait(3200))
    expect(run([{ ...failed('lost'), at: 120_000 }], worn).last).toEqual(wait(800))
  })

  it('makes a new copy, not older than the last, when its version is gone; of the newest when that did not help', () => {
    const once = run([failed('expired'), waited], watching)
    expect(once.activities).toEqual([wait(0), stream('11')])

    const twice = run([initialEnd('11'), failed('expired'), waited], once.state)
    expect(twice.activities).toEqual([undefined, wait(800), stream()])
    expect(run([initialEnd('30'), event('31')], twice.state).state).toMatchObject({ expiries: 0, version: '31' })
  })

  it('asks for the newest at once when the version is gone for the stream too', () => {
    expect(run([failed('expired'), waited, failed('expired')], watching).last).toEqual(stream())
  })

  it('makes a new copy after three ends in a row without an event', () => {
    const inputs = [ended, waited, ended, waited, ended, waited, ended, waited]

    expect(run(inputs, watching).activities).toEqual([
      wait(0),
      watch('11'),
      wait(800),
      watch('11'),
      wait(1600),
      watch('11'),
      wait(3200),
      stream(),
    ])
  })

  it('waits for a server that lags behind, and makes a new copy when it does not catch up', () => {
    const inputs = [failed('future', 1000), waited, failed('future', 1000), waited, failed('future', 1000), waited]

    const { activities } = run(inputs, watching)

    expect(activities).toEqual([wait(1000), watch('11'), wait(1600), watch('11'), wait(3200), stream()])
  })

  it('keeps trying what is refused, every five seconds at first', () => {
    const { activities, state } = run([failed('refused'), waited, failed('refused')], watching)

    expect(activities).toEqual([wait(5000), watch('11'), wait(5000)])
    expect(state.refused).toBe(true)
    expect(run([waited, { type: 'opened' }], state).state).toMatchObject({ refused: false, unwell: 0 })
  })

  it('ends for good when the request can never work, and takes no further input', () => {
    const { state, last } = run([failed('fatal')], watching)

    expect(last).toEqual({ do: 'fail' })
    expect(run([waited, event('99')], state).state).toEqual(state)
  })

  it('is well though a quiet server without bookmarks lets each watch fall silent', () => {
    const silent = [1, 2, 3, 4].flatMap((time) => [
      { ...failed('lost'), at: time * 120_000 },
      { ...waited, at: time * 120_000 },
    ])

    const { activities, state } = run(silent, watching)

    expect(activities.filter((activity) => activity?.do === 'wait')).toEqual([800, 800, 800, 800].map(wait))
    expect(state.unwell).toBe(1)
  })

  it('counts the connections that were opened again', () => {
    expect(run([ended, waited, failed('lost'), waited, failed('expired'), waited], watching).state.restarts).toBe(3)
  })
})
