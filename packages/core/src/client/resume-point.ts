import type { KubeObject } from '../spec/object.ts'
import type { BookmarkWatchOptions, WatchOptions } from '../request/options.ts'
import { InitialState } from './initial-state.ts'
import type { BookmarkEvent, WatchEvent } from './watch-event.ts'

type Options = WatchOptions | BookmarkWatchOptions
type AnyEvent<O> = WatchEvent<O> | BookmarkEvent

/**
 * Where a watch goes on when its connection is lost, and what the reader is to see of what comes then.
 *
 * Changes come in the order of their versions, so the last one is the place. The objects that a watch without a version begins
 * with come in any order: as long as they may be incomplete, it can only begin again. They are complete with the first
 * bookmark, MODIFIED or DELETED.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-watch
 */
export class ResumePoint<O extends KubeObject> {
  readonly #options: Options
  #version: string | undefined
  #initial: InitialState<O> | undefined

  constructor(options: Options) {
    this.#options = options
    const version = isOne(options.resourceVersion) ? options.resourceVersion : undefined
    const beginsWithState = options.sendInitialEvents ?? version === undefined
    this.#initial = beginsWithState ? new InitialState() : undefined
    this.#version = beginsWithState ? undefined : version
  }

  /** What the server must still have; `undefined`: the watch begins as it did at first. */
  get version(): string | undefined {
    return this.#version
  }

  /** Of the next request. */
  get options(): Options {
    if (this.#version === undefined) return this.#options
    const begun = { resourceVersionMatch: undefined, sendInitialEvents: undefined }
    return { ...this.#options, ...begun, resourceVersion: this.#version }
  }

  /** What the reader is to see of an event. */
  pass(event: AnyEvent<O>): readonly AnyEvent<O>[] {
    if (event.type === 'ADDED' && this.#initial !== undefined) return this.#initial.add(event.object)
    const deletions = this.#initial?.complete() ?? []
    this.#initial = undefined
    this.#version = later(this.#version, event.object.metadata?.resourceVersion)
    return deletions.length === 0 ? [event] : [...deletions, event]
  }

  /** The connection has ended. */
  lost(): void {
    this.#initial?.beginAgain()
  }
}

/** 0 is any that the server has, and an empty one is none. */
function isOne(version: string | undefined): boolean {
  return version !== undefined && version !== '' && version !== '0'
}

/** Versions do not go back. @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions */
function later(known: string | undefined, seen: unknown): string | undefined {
  if (typeof seen !== 'string' || seen === '') return known
  if (known === undefined || !ordered.test(known) || !ordered.test(seen)) return seen
  if (known.length !== seen.length) return known.length > seen.length ? known : seen
  return known > seen ? known : seen
}

/** What can be compared: some aggregated API servers have versions of their own. */
const ordered = /^[1-9]\d*$/
