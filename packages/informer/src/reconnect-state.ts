import type { Failure } from './classify-failure.ts'

/** Where a copy stands with the server. Plain data: {@link reconnect} makes the next one, nothing changes it. */
export interface ReconnectState {
  readonly phase: 'streaming' | 'listing' | 'watching' | 'waiting' | 'ended'
  /** What follows the wait. */
  readonly next: 'sync' | 'watch'
  /** The copy is as the server was at this version. */
  readonly version: string | undefined
  /** The first complete copy has been made. */
  readonly synced: boolean
  /** The version is of no use for a list: ask for the most recent one. */
  readonly fresh: boolean
  /** The list is asked for in one piece. */
  readonly whole: boolean
  /** Pages of the list so far. */
  readonly pages: number
  /** Something arrived on the present connection. */
  readonly received: boolean
  /** When the present connection was asked for, and when something last arrived on it, by the informer's clock. */
  readonly openedAt: number
  readonly heardAt: number
  /** Failures since the server last proved useful: how long to wait. */
  readonly failures: number
  /** Failures since the last sign of life: whether the copy can be relied on. */
  readonly unwell: number
  readonly refused: boolean
  /** In a row: versions that were gone, watches that ended at once, streams of initial events that broke off. */
  readonly expiries: number
  readonly shortWatches: number
  readonly brokenStreams: number
  /** Until then the present state is listed, since the server does not stream it. */
  readonly listUntil: number
  /** Connections opened again after an end or a failure. */
  readonly restarts: number
}

/** What happened. */
export type Input =
  | { readonly type: 'start' }
  /** A watch is open: the server has answered. */
  | { readonly type: 'opened' }
  | { readonly type: 'event'; readonly version: string | undefined }
  | { readonly type: 'bookmark'; readonly version: string | undefined; readonly endsInitial: boolean }
  | { readonly type: 'page'; readonly version: string | undefined; readonly isLast: boolean }
  /** The connection ended as connections do. */
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly failure: Failure }
  /** Time to see whether initial events still come. */
  | { readonly type: 'checked' }
  /** The wait is over. */
  | { readonly type: 'waited' }

/** What to do next. It takes the place of what is under way. */
export type Activity =
  /** Watch, the present state first, into a new buffer. */
  | { readonly do: 'stream'; readonly version: string | undefined; readonly timeoutSeconds: number }
  /** List into a new buffer. */
  | { readonly do: 'list'; readonly version: string | undefined; readonly whole: boolean }
  | { readonly do: 'watch'; readonly version: string; readonly timeoutSeconds: number }
  | { readonly do: 'wait'; readonly ms: number }
  /** Give up: it can never work. */
  | { readonly do: 'fail' }

/** What to do with what arrived. `swap`: the buffer, with it, becomes the copy. Absent: nothing. */
export type StoreOrder = 'buffer' | 'apply' | 'swap'

export interface Step {
  readonly state: ReconnectState
  readonly store?: StoreOrder
  readonly activity?: Activity
}

/** Time and chance, drawn before the step. */
export interface Draw {
  /** Milliseconds, from any point in time. */
  readonly now: number
  /** From 0 to below 1. */
  readonly random: number
}

export const initialState: ReconnectState = Object.freeze({
  phase: 'waiting',
  next: 'sync',
  version: undefined,
  synced: false,
  fresh: false,
  whole: false,
  pages: 0,
  received: false,
  openedAt: 0,
  heardAt: 0,
  failures: 0,
  unwell: 0,
  refused: false,
  expiries: 0,
  shortWatches: 0,
  brokenStreams: 0,
  listUntil: Number.NEGATIVE_INFINITY,
  restarts: 0,
})
