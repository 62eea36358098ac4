import { InvalidRequestError, isConflict } from '../spec/errors.ts'
import { sleep } from '../transport/sleep.ts'

/** Options of {@link retryOnConflict}. */
export interface RetryOnConflictOptions {
  /** The first included. @defaultValue 5 */
  attempts?: number | undefined
  /** Ends the waits between attempts; rejects with `signal.reason`. */
  signal?: AbortSignal | undefined
}

/** Between two attempts, in milliseconds; doubled by chance, so that rivals come apart. */
const pauseMs = 10

/**
 * Runs `attempt` again when somebody else has changed the object meanwhile. It reads the object, changes and writes it: what
 * it read before is stale.
 *
 * @example
 * await retryOnConflict(async () => {
 *   const settings = await maps.get('settings')
 *   return maps.replace({ ...settings, data: { ...settings.data, level: 'debug' } })
 * })
 * @throws {@link InvalidRequestError} for `attempts` below 1; {@link ApiError} 409 of the last attempt; anything else at once
 */
export async function retryOnConflict<T>(
  attempt: () => Promise<T>,
  { attempts = 5, signal }: RetryOnConflictOptions = {},
): Promise<T> {
  // NaN would never be used up.
  if (typeof attempts !== 'number' || !(attempts >= 1)) {
    throw new InvalidRequestError(`\`attempts\` is ${String(attempts)}: it must be a number, 1 or more`)
  }
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await attempt()
    } catch (error) {
      if (left <= 0 || !isConflict(error)) throw error
      await sleep(pauseMs * (1 + Math.random()), signal)
    }
  }
}
