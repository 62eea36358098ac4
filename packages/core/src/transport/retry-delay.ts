import { isKubeError } from '../spec/errors.ts'
import type { KubeRequest, KubeResponse } from '../spec/request.ts'
import { retryAfterSeconds } from './retry-after.ts'
import { writes } from './writes-under-way.ts'

const firstDelayMs = 250
const lastDelayMs = 10_000

/** Where chance and time come from. */
export interface RetryEffects {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** From 0 to below 1. */
  readonly random: () => number
}

/**
 * Milliseconds to wait before a response is asked for again; `undefined`: it is final.
 *
 * A server that names a time says that it has not done the work, so any verb may be repeated; without one only reads are.
 */
export function delayAfterResponse(
  request: KubeRequest,
  { status, headers }: KubeResponse,
  attempt: number,
  maxDelayMs: number,
  { now, random }: RetryEffects,
): number | undefined {
  if (!isOverloaded({ status })) return undefined
  const seconds = retryAfterSeconds(headers['retry-after'], now())
  // Up to a tenth more, so that those who were told the same do not come back together.
  if (seconds !== undefined) return Math.min(seconds * 1000, maxDelayMs) * (1 + random() / 10)
  const passing = status === 429 || status === 503 || status === 504
  return passing && !writes(request) ? backoff(attempt, maxDelayMs, random) : undefined
}

/** Whether a server has not done its work. Any other answer, also a refusal, says that it is well. */
export function isOverloaded({ status }: Pick<KubeResponse, 'status'>): boolean {
  return status === 429 || status >= 500
}

/** The same for a request that got no complete response: only reads are repeated, and never after a refused certificate. */
export function delayAfterError(
  request: KubeRequest,
  error: unknown,
  attempt: number,
  maxDelayMs: number,
  { random }: RetryEffects,
): number | undefined {
  if (!isKubeError(error, 'KUBE_TRANSPORT') || request.kind !== 'unary' || writes(request)) return undefined
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return transient.has(code) ? backoff(attempt, maxDelayMs, random) : undefined
}

/** What may be gone in a moment: not a certificate, not a closed client, and not a time limit that has been waited for. */
const transient = new Set<unknown>([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'FETCH_FAILED',
  'HTTP2_RESET',
  'HTTP2_CLOSED',
  'ERR_HTTP2_SESSION_ERROR',
])

/** Full jitter: anything between nothing and twice the last bound. */
function backoff(attempt: number, maxDelayMs: number, random: () => number): number {
  return Math.min(firstDelayMs * 2 ** (attempt - 1), lastDelayMs, maxDelayMs) * random()
}
