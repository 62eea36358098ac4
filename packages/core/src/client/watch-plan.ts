import type { KubeObject } from '../spec/object.ts'
import type { BookmarkWatchOptions, WatchOptions } from '../request/options.ts'
import type { BuildRequest, Moved, Session } from './session.ts'

/** A watch, as the kind's client asks for it. */
export interface WatchPlan<O extends KubeObject> {
  readonly session: Session
  readonly options: WatchOptions | BookmarkWatchOptions
  /** The request of one connection: `options` with the point to go on from. */
  readonly build: (options: WatchOptions | BookmarkWatchOptions) => BuildRequest
  readonly moved: Moved
  /** What the reader gets of an object. */
  readonly shaped: (object: O) => O
}
