import { isKubeError, TransportError, type WatchExpiredError } from '../spec/errors.ts'
import type { KubeObject } from '../spec/object.ts'
import type { KubeResponse, RequestSummary } from '../spec/request.ts'
import type { ReadContext } from '../transport/read-response.ts'
import { IdleLimit } from './idle-limit.ts'
import { expired, readEvents } from './read-events.ts'
import type { ResumePoint } from './resume-point.ts'
import type { Ending } from './resume-policy.ts'
import type { BookmarkEvent, WatchEvent } from './watch-event.ts'
import type { WatchPlan } from './watch-plan.ts'

/** Two bookmarks of the API server have come by then, one a minute. */
const defaultIdleMs = 120_000
const defaultEventBytes = 64 << 20

interface Opened {
  readonly response: KubeResponse
  readonly context: ReadContext
}

/** One connection of a watch, from its request to its end. */
export class WatchConnection<O extends KubeObject> implements Ending {
  readonly version: string | undefined
  opened = false
  progressed = false
  error: unknown
  readonly #plan: WatchPlan<O>
  readonly #options: WatchPlan<O>['options']
  readonly #signal: AbortSignal
  readonly #startedAt: number
  #request: RequestSummary = { method: 'GET', url: '' }

  constructor(
    plan: WatchPlan<O>,
    { options, version }: Pick<ResumePoint<O>, 'options' | 'version'>,
    signal: AbortSignal,
  ) {
    this.version = version
    this.#plan = plan
    this.#options = options
    this.#signal = signal
    this.#startedAt = plan.session.effects.now()
  }

  get lastedMs(): number {
    return this.#plan.session.effects.now() - this.#startedAt
  }

  /** The events of chunk after chunk. The connection is free when the loop is left. */
  async *batches(): AsyncGenerator<readonly (WatchEvent<O> | BookmarkEvent)[], void, undefined> {
    const { idleTimeoutMs: limitMs = defaultIdleMs, maxEventBytes = defaultEventBytes, resourceVersion } = this.#options
    const { now } = this.#plan.session.effects
    const idle = new IdleLimit({ signal: this.#signal, limitMs, now, silent: () => this.#silent(limitMs) })
    try {
      const { response, context } = await this.#open(idle.signal)
      this.#request = context.request
      this.opened = true
      try {
        this.#options.onOpen?.()
        for await (const batch of readEvents<O>(response, { context, idle, maxEventBytes, resourceVersion })) {
          this.progressed ||= batch.length > 0
          yield batch
        }
      } finally {
        response.cancel()
      }
    } finally {
      idle.end()
    }
  }

  /** The error for a server that ends the watch again and again without a word. */
  forgotten(): WatchExpiredError {
    return expired(this.#request, this.version, {
      why: 'the server ends the watch as soon as it begins: it may no longer have the version',
    })
  }

  async #open(signal: AbortSignal): Promise<Opened> {
    const { session, build, moved } = this.#plan
    try {
      return await session.call(build(this.#options), { signal }, (response, context) => ({ response, context }), moved)
    } catch (error) {
      if (!isKubeError(error, 'KUBE_API') || error.status !== 410) throw error
      throw expired(error.request, this.#options.resourceVersion, { cause: error })
    }
  }

  #silent(limitMs: number): TransportError {
    const message = `nothing came for ${limitMs} ms, not even a bookmark (\`idleTimeoutMs\`): the connection was given up`
    return new TransportError(message, { request: this.#request })
  }
}
