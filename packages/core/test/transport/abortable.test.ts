import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { abortable } from '../../src/transport/abortable.ts'
import { caught } from '../support/caught.ts'

describe('abortable', () => {
  it('is the work itself, while nothing aborts', async () => {
    const { signal } = new AbortController()
    await expect(abortable(Promise.resolve(1), signal)).resolves.toBe(1)
    await expect(abortable(Promise.resolve(1), undefined)).resolves.toBe(1)
    await expect(caught(abortable(Promise.reject(new Error('no')), signal))).resolves.toEqual(new Error('no'))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it.each([['a reason'], [undefined], [null], [new Error('stop')]])(
    'rejects with the reason as it is: %s',
    async (why) => {
      const controller = new AbortController()
      const waiting = caught(abortable(new Promise(() => undefined), controller.signal))
      controller.abort(why)
      await expect(waiting).resolves.toBe(controller.signal.reason)
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    },
  )

  it.each(['before', 'while'])('work that fails after an abort %s it was waited for crashes nobody', async (when) => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    onTestFinished(() => void process.off('unhandledRejection', note))
    const { promise, reject } = Promise.withResolvers<never>()
    const controller = new AbortController()
    if (when === 'before') controller.abort('gone')
    const waiting = caught(abortable(promise, controller.signal))
    controller.abort('gone')
    await expect(waiting).resolves.toBe('gone')
    reject(new Error('late'))
    await setImmediate()
    expect(unhandled).toEqual([])
  })
})
