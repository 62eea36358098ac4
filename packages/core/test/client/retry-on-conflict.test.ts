import { describe, expect, it } from 'vitest'
import { retryOnConflict } from '../../src/client/retry-on-conflict.ts'
import { ApiError } from '../../src/spec/errors.ts'

const request = { method: 'PUT', url: 'https://k/' }
const conflict = new ApiError('stale', { status: 409, reason: 'Conflict', request })

/** Fails as often as said, then succeeds. */
function failing(times: number, error: Error) {
  const state = { runs: 0 }
  const attempt = async (): Promise<string> => {
    state.runs += 1
    if (state.runs <= times) throw error
    return 'done'
  }
  return { state, attempt }
}

describe('retryOnConflict', () => {
  it('runs again after each conflict', async () => {
    const { attempt, state } = failing(3, conflict)
    expect(await retryOnConflict(attempt)).toBe('done')
    expect(state.runs).toBe(4)
  })

  it('gives up after `attempts`, with the last conflict', async () => {
    const { attempt, state } = failing(9, conflict)
    await expect(retryOnConflict(attempt, { attempts: 2 })).rejects.toBe(conflict)
    expect(state.runs).toBe(2)
  })

  it.each([
    ['an object that exists', new ApiError('there', { status: 409, reason: 'AlreadyExists', request })],
    ['a missing object', new ApiError('gone', { status: 404, reason: 'NotFound', request })],
    ['a bug', new TypeError('x is not a function')],
  ])('does not repeat what fails for %s', async (_, error) => {
    const { attempt, state } = failing(9, error)
    await expect(retryOnConflict(attempt)).rejects.toBe(error)
    expect(state.runs).toBe(1)
  })

  it.each([0, -1, Number.NaN, '3'])('%s attempts are refused, and none is made', async (attempts) => {
    const { attempt, state } = failing(9, conflict)
    const wrong = attempts as number // what a program without types can pass
    await expect(retryOnConflict(attempt, { attempts: wrong })).rejects.toMatchObject({ code: 'KUBE_INVALID_REQUEST' })
    expect(state.runs).toBe(0)
  })

  it('stops waiting when the caller aborts', async () => {
    const { attempt } = failing(9, conflict)
    const reason = new Error('enough')
    await expect(retryOnConflict(attempt, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
