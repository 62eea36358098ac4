import { InvalidRequestError } from '../spec/errors.ts'
import type { BookmarkWatchOptions, WatchOptions } from '../request/options.ts'

/** The longest string that JavaScript can hold is about as long. */
const largestEventBytes = 512 << 20

/** @throws {@link InvalidRequestError} for a number that would be something else in silence. */
export function checkWatchOptions({ idleTimeoutMs, maxEventBytes }: WatchOptions | BookmarkWatchOptions): void {
  within('idleTimeoutMs', idleTimeoutMs, Number.POSITIVE_INFINITY)
  within('maxEventBytes', maxEventBytes, largestEventBytes)
}

function within(name: string, value: number | undefined, most: number): void {
  if (value === undefined || (value >= 1 && value <= most)) return
  throw new InvalidRequestError(`\`${name}\` of the watch is ${value}: it must be a number from 1 to ${most}`)
}
