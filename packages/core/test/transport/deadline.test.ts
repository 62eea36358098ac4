import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Deadline } from '../../src/transport/deadline.ts'

describe('a deadline', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('aborts with the reason that is made when the time is up', () => {
    const late = vi.fn<() => string>(() => 'late')
    const { signal } = new Deadline(undefined, 100, late)
    vi.advanceTimersByTime(99)
    expect([signal.aborted, late.mock.calls.length]).toEqual([false, 0])
    vi.advanceTimersByTime(1)
    expect([signal.aborted, signal.reason]).toEqual([true, 'late'])
  })

  it("passes the caller's abort on, before, while and with its reason", () => {
    const controller = new AbortController()
    const { signal } = new Deadline(controller.signal, 100, () => 'late')
    controller.abort('mine')
    expect(signal.reason).toBe('mine')
    expect(new Deadline(controller.signal, 100, () => 'late').signal.reason).toBe('mine')
  })

  it('that has ended leaves no timer and no listener, and aborts nothing', () => {
    const controller = new AbortController()
    const deadline = new Deadline(controller.signal, 100, () => 'late')
    deadline.end()
    expect(vi.getTimerCount()).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    controller.abort()
    expect(deadline.signal.aborted).toBe(false)
  })

  it.each([Number.POSITIVE_INFINITY, 2 ** 31, Number.MAX_VALUE])(
    'of %d ms is none, where timers would take it for 1 ms',
    (limit) => {
      const { signal } = new Deadline(undefined, limit, () => 'late')
      vi.advanceTimersByTime(3_600_000)
      expect(signal.aborted).toBe(false)
      expect(vi.getTimerCount()).toBe(0)
    },
  )
})
