import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { IdleLimit } from '../../src/client/idle-limit.ts'

describe('a connection', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const caller = new AbortController()
  const limit = (limitMs: number, signal = caller.signal): IdleLimit =>
    new IdleLimit({ signal, limitMs, now: Date.now, silent: () => 'silent' })
  const never = Promise.withResolvers<never>().promise

  it('is ended when nothing comes for the whole time', () => {
    const idle = limit(100)
    void idle.during(never)
    vi.advanceTimersByTime(99)
    expect(idle.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(idle.signal.reason).toBe('silent')
    idle.end()
  })

  it('goes on with whatever comes, and then has the whole time again, by one timer', async () => {
    const idle = limit(100)
    for (let chunk = 0; chunk < 10; chunk += 1) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const waiting = idle.during(promise)
      vi.advanceTimersByTime(70)
      resolve()
      await waiting
      expect(vi.getTimerCount()).toBeLessThanOrEqual(1)
    }
    void idle.during(never)
    vi.advanceTimersByTime(99)
    expect(idle.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(idle.signal.aborted).toBe(true)
    idle.end()
  })

  it('is not silent because its reader is busy', async () => {
    const idle = limit(100)
    await idle.during(Promise.resolve())
    vi.advanceTimersByTime(10_000)
    expect(idle.signal.aborted).toBe(false)
    await idle.during(Promise.resolve())
    void idle.during(never)
    vi.advanceTimersByTime(100)
    expect(idle.signal.aborted).toBe(true)
    idle.end()
  })

  it('is ended after twice the time at most where the clock was set back', () => {
    const idle = limit(100)
    void idle.during(never)
    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(200)
    expect(idle.signal.aborted).toBe(true)
    idle.end()
  })

  it.each([Number.POSITIVE_INFINITY, 2 ** 31])('may be silent for ever: %d', (limitMs) => {
    const idle = limit(limitMs)
    void idle.during(never)
    expect(vi.getTimerCount()).toBe(0)
    idle.end()
  })

  it('that has ended leaves no timer and no listener', () => {
    const controller = new AbortController()
    const idle = limit(100, controller.signal)
    void idle.during(never)
    idle.end()
    expect(vi.getTimerCount()).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  it('ends with its caller, for his reason', () => {
    const controller = new AbortController()
    const idle = limit(100, controller.signal)
    controller.abort('mine')
    expect(idle.signal.reason).toBe('mine')
  })
})
