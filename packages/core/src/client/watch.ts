import { InvalidRequestError } from '../spec/errors.ts'
import { checkCallOptions } from '../request/check-call-options.ts'
import type { KubeObject } from '../spec/object.ts'
import { Deadline } from '../transport/deadline.ts'
import type { BookmarkEvent, WatchEvent } from './watch-event.ts'
import type { WatchPlan } from './watch-plan.ts'

type Events<O> = AsyncGenerator<WatchEvent<O> | BookmarkEvent, void, undefined>

/**
 * The events of a watch, over as many connections as it takes. Opens nothing before the first `next()`.
 *
 * @throws {@link InvalidRequestError}
 */
export function watch<O extends KubeObject>(plan: WatchPlan<O>): AsyncIterable<WatchEvent<O> | BookmarkEvent> {
  const { idleTimeoutMs, maxEventBytes } = plan.options
  checkCallOptions(plan.options)
  checkRange('idleTimeoutMs', idleTimeoutMs, 1, Number.POSITIVE_INFINITY)
  checkRange('maxEventBytes', maxEventBytes, 1, largestEventBytes)
  return { [Symbol.asyncIterator]: () => new WatchLoop(plan) }
}

/** The longest string that JavaScript can hold is about as long. */
const largestEventBytes = 512 << 20

/** A timer takes what is no number for no time at all. */
function checkRange(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return
  throw new InvalidRequestError(`\`${name}\` of the watch is ${String(value)}: it is a number from ${least} to ${most}`)
}

// An error, as a middleware may want to say what ended its request.
const over = new Error('the watch has been left')

/** A generator alone would queue `return()` behind a `next()` that waits, and keep its connection until an event comes. */
class WatchLoop<O extends KubeObject> implements AsyncIterableIterator<WatchEvent<O> | BookmarkEvent, void, undefined> {
  readonly #events: Events<O>
  #deadline: Deadline | undefined

  constructor(plan: WatchPlan<O>) {
    this.#events = this.#untilOver(plan)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): ReturnType<Events<O>['next']> {
    return this.#events.next()
  }

  return(): ReturnType<Events<O>['return']> {
    this.#deadline?.abort(over)
    return this.#events.return()
  }

  /** `timeoutMs`, `return()` and the caller's signal end whatever waits, at once; the first two normally. */
  async *#untilOver(plan: WatchPlan<O>): Events<O> {
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = plan.options
    const deadline = new Deadline(signal, timeoutMs, () => over)
    this.#deadline = deadline
    try {
      const { followEvents } = await import('./follow-events.ts') // a cold start without a watch does not pay for it
      yield* followEvents(plan, deadline.signal)
    } catch (error) {
      if (!deadline.signal.aborted) throw error
      // Whatever a middleware has made of it.
      if (deadline.signal.reason !== over) throw deadline.signal.reason
    } finally {
      deadline.end()
    }
  }
}
