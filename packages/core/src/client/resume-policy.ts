import { type AnyKubeError, isKubeError } from '../spec/errors.ts'

const firstDelayMs = 800
const lastDelayMs = 30_000
/** No server makes us wait longer. */
const longestRetryAfterMs = 60_000
/** A connection that lasted so long was sound. */
const stableMs = 120_000
/** One without an event that ended sooner was none. */
const shortMs = 1000
/** So many of those in a row, and the server may have forgotten the version without saying so. */
const mostShortEnds = 3
/** A server that turns a watch away, or loses it, which was never open is asked so often. */
const firstAttempts = 4

/** What a watch remembers of its connections. */
export interface ResumeState {
  /** It has been open, or begins at a version that the server gave: whatever it waits for was there. */
  readonly established: boolean
  /** In a row. */
  readonly failures: number
  /** Connections in a row that the server ended at once, without an event. */
  readonly shortEnds: number
}

/** How a connection ended. */
export interface Ending {
  /** Absent: the server ended it as it should. */
  readonly error?: unknown
  /** Whether the server accepted the watch. */
  readonly opened: boolean
  /** Whether an event or a bookmark came. */
  readonly progressed: boolean
  /** Milliseconds, from the request on. */
  readonly lastedMs: number
  /** Where the next would begin; `undefined`: as at first. */
  readonly version: string | undefined
}

export type Decision =
  | { readonly action: 'resume'; readonly delayMs: number; readonly state: ResumeState }
  /** The server may no longer have the version. */
  | { readonly action: 'expire' }
  /** The error stands. */
  | { readonly action: 'fail' }

/**
 * Whether and when a watch opens its next connection. Delays double from 0.8 s to 30 s, with as much again by chance, as in
 * client-go; they begin anew after a connection that brought something, or lasted for two minutes.
 */
export function decide(before: ResumeState, ending: Ending, random: () => number): Decision {
  const { error, progressed, lastedMs, version } = ending
  const established = before.established || ending.opened
  const failures = progressed || lastedMs >= stableMs ? 0 : before.failures
  if (error === undefined && (progressed || lastedMs >= shortMs)) {
    // Some time by chance, as the server may have ended many watches together.
    return { action: 'resume', delayMs: random() * 1000, state: { established, failures, shortEnds: 0 } }
  }
  const isLast = !established && failures + 1 >= firstAttempts
  if (error !== undefined && (isLast || !isPassing(error, established))) return { action: 'fail' }
  const shortEnds = error === undefined ? before.shortEnds + 1 : 0
  if (shortEnds >= mostShortEnds && version !== undefined) return { action: 'expire' }
  const state = { established, failures: failures + 1, shortEnds }
  return { action: 'resume', delayMs: delayAfter(failures, error, random), state }
}

function delayAfter(failures: number, error: unknown, random: () => number): number {
  const backoffMs = Math.min(firstDelayMs * 2 ** failures, lastDelayMs) * (1 + random())
  const seconds = isKubeError(error, 'KUBE_API') ? (error.retryAfterSeconds ?? 0) : 0
  // Up to a tenth more, so that those who were told the same do not come back together.
  return Math.max(backoffMs, Math.min(seconds * 1000, longestRetryAfterMs) * (1 + random() / 10))
}

const passingStatus = new Set([429, 500, 502, 503, 504])

/**
 * Whether waiting helps. Against a lost connection and an overloaded server it does, against a refusal it does not, and a server
 * that was never there may be a wrong address.
 */
function isPassing(error: unknown, established: boolean): boolean {
  if (!isKubeError(error)) return false
  switch (error.code) {
    case 'KUBE_API':
      return passingStatus.has(error.status)
    case 'KUBE_TRANSPORT':
      return established ? !distrust.test(causeOf(error)) : lost.has(causeOf(error))
    case 'KUBE_DISCOVERY':
      return established
    default:
      return false
  }
}

/** One of the two does not take the other's certificate, and will not in a moment. */
const distrust = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_|ERR_TLS_|ERR_SSL_|ERR_OSSL_)/

/** Somebody was there. */
const lost = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'HTTP2_RESET',
  'HTTP2_CLOSED',
  'ERR_HTTP2_SESSION_ERROR',
])

function causeOf({ cause }: AnyKubeError): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
