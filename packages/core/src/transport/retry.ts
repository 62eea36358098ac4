import { isKubeError } from '../spec/errors.ts'
import type { RetryOptions } from '../spec/client-config.ts'
import type { Handler, Middleware } from '../spec/middleware.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import { delayAfterError, delayAfterResponse, isOverloaded, type RetryEffects } from './retry-delay.ts'

export interface RetryLayerEffects extends RetryEffects {
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
}

type Outcome = { readonly response: KubeResponse } | { readonly error: unknown }

/** Repeats what is safe to repeat, within a number of attempts, a time in which they begin, and the client's budget. */
export function retry(options: RetryOptions, effects: RetryLayerEffects): Middleware {
  const { maxAttempts = 5, maxDelayMs = 60_000, totalMs = 120_000 } = options
  const budget = new RetryBudget()

  /** How long to wait for another attempt; `undefined`: the outcome stands. */
  const delayAfter = (request: KubeRequest, outcome: Outcome, attempt: number, endsAt: number): number | undefined => {
    const delay =
      'response' in outcome
        ? delayAfterResponse(request, outcome.response, attempt, maxDelayMs, effects)
        : delayAfterError(request, outcome.error, attempt, maxDelayMs, effects)
    if (delay === undefined || attempt >= maxAttempts || effects.now() + delay > endsAt) return undefined
    return budget.spend() ? delay : undefined
  }

  return async (request, next) => {
    if (request.operation?.verb === 'watch') return next(request) // it has a patience of its own, or its caller has
    const endsAt = effects.now() + totalMs
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await once(request, next)
      if ('response' in outcome && !isOverloaded(outcome.response)) {
        budget.refund()
        return counted(outcome, attempt)
      }
      const delay = delayAfter(request, outcome, attempt, endsAt)
      if (delay === undefined) return counted(outcome, attempt)
      if ('response' in outcome) outcome.response.cancel()
      await effects.sleep(delay, request.signal)
    }
  }
}

async function once(request: KubeRequest, next: Handler): Promise<Outcome> {
  try {
    return { response: await next(request) }
  } catch (error) {
    return { error }
  }
}

/** The outcome, saying how many attempts it took where that is more than one. */
function counted(outcome: Outcome, attempts: number): KubeResponse {
  if ('response' in outcome) return attempts === 1 ? outcome.response : { ...outcome.response, attempts }
  const { error } = outcome
  // Made by the transport, which knows of one attempt only.
  if (attempts > 1 && isKubeError(error, 'KUBE_TRANSPORT')) Object.assign(error, { attempts })
  throw error
}

const capacity = 500
const costOfRetry = 5
const refundOfAnswer = 1

/**
 * What a client may spend on retries. Each costs five, each answer of a server that is well gives one back, a 404 too: while it is down, calls that keep
 * failing are soon sent once instead of five times, and an outage is not multiplied.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html for the idea
 */
class RetryBudget {
  #left = capacity

  spend(): boolean {
    if (this.#left < costOfRetry) return false
    this.#left -= costOfRetry
    return true
  }

  refund(): void {
    if (this.#left < capacity) this.#left += refundOfAnswer
  }
}
