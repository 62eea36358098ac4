import type { Failure } from './classify-failure.ts'
import { compareVersions } from './compare-versions.ts'
import { delayAfter } from './delay-after.ts'
import type { Activity, Draw, Input, ReconnectState, Step } from './reconnect-state.ts'

/** A watch that has held this long has proved useful, though nothing arrived. */
const stableMs = 120_000
/** A watch that ends sooner than this without an event counts as failed: some proxies answer so for a version that is gone. */
const shortMs = 2000
/** This often in a row, the version or the stream is given up. */
const mostInARow = 3
/** A reopened connection is put off up to this long, so that those that a restart ended do not come back together. */
const spreadMs = 1000
/** What needs somebody's hand is not asked for every second. */
const refusedMs = 5000
/** For so long a server that did not stream its present state is not asked to. */
const listForMs = 600_000
/** A server that ignores the wish for initial events never says that they are complete. */
export const silenceMs = 30_000

/**
 * Decides how a copy is made and kept: streams or lists the present state, watches from there, and after an end or a failure
 * resumes, or begins anew when the version is gone. Pure: the same state, input and draw give the same step.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function reconnect(state: ReconnectState, input: Input, draw: Draw): Step {
  if (state.phase === 'ended') return { state }
  switch (input.type) {
    case 'start':
      return sync(state, draw)
    case 'waited':
      return reopen(state, draw)
    case 'opened':
      return { state: alive(state) }
    case 'event':
      return state.phase === 'streaming' ? buffered(state, draw) : applied(state, input.version)
    case 'bookmark':
      return bookmarked(state, input, draw)
    case 'page':
      return paged(state, input, draw)
    case 'checked':
      return checked(state, draw)
    case 'ended':
      return ended(state, draw)
    default:
      return failed(state, input.failure, draw)
  }
}

// ── Opening ──

function reopen(state: ReconnectState, draw: Draw): Step {
  const again = { ...state, restarts: state.restarts + 1 }
  return state.next === 'watch' && state.version !== undefined ? watch(again, state.version, draw) : sync(again, draw)
}

function sync(state: ReconnectState, draw: Draw): Step {
  if (draw.now < state.listUntil || state.brokenStreams >= mostInARow) return list(state, draw, false)
  return {
    state: opening(state, 'streaming', draw),
    activity: { do: 'stream', version: startVersion(state), timeoutSeconds: lifetime(draw) },
  }
}

function list(state: ReconnectState, draw: Draw, whole: boolean): Step {
  return {
    state: { ...opening(state, 'listing', draw), whole, pages: 0 },
    activity: { do: 'list', version: startVersion(state), whole },
  }
}

function watch(state: ReconnectState, version: string, draw: Draw): Step {
  return {
    state: opening(state, 'watching', draw),
    activity: { do: 'watch', version, timeoutSeconds: lifetime(draw) },
  }
}

function opening(state: ReconnectState, phase: ReconnectState['phase'], { now }: Draw): ReconnectState {
  return { ...state, phase, received: false, openedAt: now, heardAt: now }
}

/** A copy must not go back in time; one that has just been told that its version is gone asks for the newest. */
function startVersion({ fresh, version }: ReconnectState): string | undefined {
  return fresh ? undefined : version
}

/** Five to ten minutes, so that watches spread over the servers again after one was restarted. */
function lifetime({ random }: Draw): number {
  return 300 + Math.floor(300 * random)
}

// ── What arrives ──

function alive(state: ReconnectState): ReconnectState {
  return state.unwell === 0 && !state.refused ? state : { ...state, unwell: 0, refused: false }
}

function buffered(state: ReconnectState, { now }: Draw): Step {
  return { state: { ...alive(state), received: true, heardAt: now }, store: 'buffer' }
}

/** What is older than the copy is a repetition. */
function applied(state: ReconnectState, version: string | undefined): Step {
  if (state.phase !== 'watching') return { state }
  const useful = proved(state)
  if (version === undefined) return { state: useful, store: 'apply' }
  if (isOlder(version, state.version)) return { state: useful }
  return { state: { ...useful, version }, store: 'apply' }
}

/** The watch works: what was counted begins anew. Mostly there is nothing to change, and this runs for every event. */
function proved(state: ReconnectState): ReconnectState {
  const { received, failures, expiries, shortWatches, unwell, refused } = state
  const isProved = received && failures + expiries + shortWatches + unwell === 0 && !refused
  return isProved ? state : { ...alive(state), received: true, failures: 0, expiries: 0, shortWatches: 0 }
}

function isOlder(version: string, than: string | undefined): boolean {
  return than !== undefined && (compareVersions(version, than) ?? 0) < 0
}

function bookmarked(
  state: ReconnectState,
  { version, endsInitial }: { readonly version: string | undefined; readonly endsInitial: boolean },
  draw: Draw,
): Step {
  if (state.phase !== 'streaming') return { state: applied(state, version).state }
  if (!endsInitial) return { state: { ...alive(state), received: true, heardAt: draw.now } }
  if (version === undefined) return failed(state, { kind: 'lost', retryAfterMs: 0 }, draw)
  return { state: { ...swapped(state, version), phase: 'watching', received: true }, store: 'swap' }
}

function paged(
  state: ReconnectState,
  { version, isLast }: { readonly version: string | undefined; readonly isLast: boolean },
  draw: Draw,
): Step {
  if (!isLast) return { state: { ...alive(state), pages: state.pages + 1 }, store: 'buffer' }
  if (version === undefined) return failed(state, { kind: 'lost', retryAfterMs: 0 }, draw)
  return { ...watch(swapped(state, version), version, draw), store: 'swap' }
}

function swapped(state: ReconnectState, version: string): ReconnectState {
  return { ...alive(state), version, synced: true, fresh: false, whole: false, brokenStreams: 0 }
}

// ── Ends and failures ──

function checked(state: ReconnectState, draw: Draw): Step {
  if (state.phase !== 'streaming' || draw.now - state.heardAt < silenceMs) return { state }
  return list({ ...state, listUntil: draw.now + listForMs }, draw, false)
}

function ended(state: ReconnectState, draw: Draw): Step {
  if (state.phase === 'streaming') return failed(state, { kind: 'lost', retryAfterMs: 0 }, draw)
  if (state.received || draw.now - state.openedAt >= shortMs)
    return spread({ ...state, shortWatches: 0 }, 'watch', draw)
  const shortWatches = state.shortWatches + 1
  if (shortWatches < mostInARow) return backOff({ ...state, shortWatches }, 'watch', draw)
  return backOff({ ...state, shortWatches: 0, fresh: true }, 'sync', draw)
}

function failed(state: ReconnectState, failure: Failure, draw: Draw): Step {
  if (failure.kind === 'fatal') return { state: { ...state, phase: 'ended' }, activity: { do: 'fail' } }
  switch (state.phase) {
    case 'streaming':
      return streamFailed(state, failure, draw)
    case 'listing':
      return listFailed(state, failure, draw)
    default:
      return watchFailed(state, failure, draw)
  }
}

/** Nothing of a stream that broke off is kept: an object that was deleted meanwhile would be. */
function streamFailed(state: ReconnectState, failure: Failure, draw: Draw): Step {
  if (failure.kind === 'invalid') return list({ ...state, listUntil: draw.now + listForMs }, draw, false)
  // Some may list and not watch.
  if (failure.kind === 'refused') return list(state, draw, false)
  const anew = withoutVersion(state, failure)
  if (anew !== undefined) return sync(anew, draw)
  return backOff({ ...state, brokenStreams: state.brokenStreams + 1 }, 'sync', draw, failure)
}

function listFailed(state: ReconnectState, failure: Failure, draw: Draw): Step {
  // The token of the next page expired. In one piece nothing can expire.
  if (failure.kind === 'expired' && state.pages > 0 && !state.whole) return list(state, draw, true)
  const anew = withoutVersion(state, failure)
  if (anew !== undefined) return list(anew, draw, false)
  // After a list in place of streams that broke off, a stream has its chance again.
  return backOff({ ...state, brokenStreams: 0 }, 'sync', draw, failure)
}

/** To begin with the most recent version, once, when the one that was asked for is of no use. */
function withoutVersion(state: ReconnectState, { kind }: Failure): ReconnectState | undefined {
  const isUseless = kind === 'expired' || kind === 'future'
  return isUseless && startVersion(state) !== undefined ? { ...state, fresh: true } : undefined
}

function watchFailed(state: ReconnectState, failure: Failure, draw: Draw): Step {
  switch (failure.kind) {
    case 'expired':
      return watchExpired(state, draw)
    case 'future':
      return watchFuture(state, failure, draw)
    case 'invalid':
      // Perhaps another server took the place of the one that the version is from.
      return backOff({ ...state, fresh: true }, 'sync', draw, failure)
    default:
      return backOff(state, 'watch', draw, failure)
  }
}

function watchExpired(state: ReconnectState, draw: Draw): Step {
  const expiries = state.expiries + 1
  if (expiries === 1) return spread({ ...state, expiries }, 'sync', draw)
  return backOff({ ...state, expiries, fresh: true }, 'sync', draw)
}

/** A server that lags behind the others will catch up; one that does not has another history. */
function watchFuture(state: ReconnectState, failure: Failure, draw: Draw): Step {
  const expiries = state.expiries + 1
  if (expiries < mostInARow) return backOff({ ...state, expiries }, 'watch', draw, failure)
  return backOff({ ...state, expiries, fresh: true }, 'sync', draw, failure)
}

// ── Waiting ──

function spread(state: ReconnectState, next: ReconnectState['next'], { random }: Draw): Step {
  return { state: { ...state, phase: 'waiting', next }, activity: wait(spreadMs * random) }
}

function backOff(state: ReconnectState, next: ReconnectState['next'], { now, random }: Draw, failure?: Failure): Step {
  const wasStable = state.phase !== 'listing' && now - state.openedAt >= stableMs
  const [failures, unwell] = wasStable ? [1, 1] : [state.failures + 1, state.unwell + 1]
  const refused = failure?.kind === 'refused' || failure?.kind === 'invalid'
  return {
    state: { ...state, phase: 'waiting', next, failures, unwell, refused },
    activity: wait(delayAfter({ failures, atLeastMs: atLeastMs(failure), random })),
  }
}

function atLeastMs(failure: Failure | undefined): number {
  if (failure?.kind === 'refused' || failure?.kind === 'invalid') return refusedMs
  return failure !== undefined && 'retryAfterMs' in failure ? failure.retryAfterMs : 0
}

function wait(ms: number): Activity {
  return { do: 'wait', ms }
}
