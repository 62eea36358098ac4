import type {
  AllNamespaces,
  BookmarkEvent,
  KubeList,
  KubeObject,
  ResourceReader,
  Stored,
  WatchEvent,
} from '@kubeclient/core'
import { ProtocolError } from '@kubeclient/core/spec'
import { classifyFailure } from './classify-failure.ts'
import type { Effects } from './effects.ts'
import { objectKey } from './object-key.ts'
import { reconnect, silenceMs } from './reconnect.ts'
import { type Activity, initialState, type Input, type ReconnectState, type Step } from './reconnect-state.ts'

/** What is watched. */
export interface Selection {
  readonly namespace?: string | AllNamespaces | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
}

/** Where what a feed brings goes. */
export interface Sink<T extends KubeObject> {
  /** What is to be stored of an object; `undefined`: nothing. */
  prepare(object: Stored<T>): Stored<T> | undefined
  put(object: Stored<T>): void
  remove(object: Stored<T>): void
  /** These are all. */
  replace(objects: Iterable<Stored<T>>): void
  /** The version of the copy has changed. */
  moved(): void
}

export interface FeedOptions<T extends KubeObject> {
  readonly source: ResourceReader<T>
  readonly selection: Selection
  readonly sink: Sink<T>
  readonly effects: Effects
}

/** The store refused: an error of the application's own functions, which another attempt would meet again. */
class SinkError extends Error {
  override readonly name = 'SinkError'
}

const pageSize = 500
const endOfInitialEvents = 'k8s.io/initial-events-end'

/** One watch of one collection: does what {@link reconnect} says, one activity after the other. */
export class Feed<T extends KubeObject> {
  state: ReconnectState = initialState
  lastError: Error | undefined
  lastErrorAt: number | undefined
  lastEventAt: number | undefined
  lastSyncAt: number | undefined
  readonly #options: FeedOptions<T>
  #buffer = new Map<string, Stored<T>>()

  constructor(options: FeedOptions<T>) {
    this.#options = options
  }

  /** Undefined where it is not one of several. */
  get namespace(): string | undefined {
    const { namespace } = this.#options.selection
    return typeof namespace === 'string' ? namespace : undefined
  }

  /** The copy is as the server was at this version. */
  get version(): string | undefined {
    return this.state.version
  }

  /** Until the signal is aborted, which is its normal end. @throws what no further attempt would change */
  async run(signal: AbortSignal): Promise<void> {
    let { activity } = this.#step({ type: 'start' })
    while (activity !== undefined && !signal.aborted) {
      if (activity.do === 'fail') throw this.lastError
      activity = await this.#perform(activity, signal)
    }
  }

  async #perform(activity: Activity, signal: AbortSignal): Promise<Activity | undefined> {
    try {
      if (activity.do === 'wait') await this.#options.effects.sleep(activity.ms, signal)
      else if (activity.do === 'list') return await this.#list(activity, signal)
      else if (activity.do === 'stream') return await this.#stream(activity, signal)
      else if (activity.do === 'watch') return await this.#watch(activity, signal)
      return this.#step({ type: 'waited' }).activity
    } catch (error) {
      if (signal.aborted) return undefined
      if (error instanceof SinkError) throw error.cause
      return this.#failed(error)
    }
  }

  #failed(error: unknown): Activity | undefined {
    this.#note(error instanceof Error ? error : new Error(String(error)))
    return this.#step({ type: 'failed', failure: classifyFailure(error) }).activity
  }

  #note(error: Error): void {
    this.lastError = error
    this.lastErrorAt = this.#options.effects.date()
  }

  // ── Lists ──

  async #list({ version, whole }: Activity & { do: 'list' }, signal: AbortSignal): Promise<Activity | undefined> {
    const { source, selection } = this.#options
    const options = {
      ...selection,
      signal,
      ...(version !== undefined && { resourceVersion: version, resourceVersionMatch: 'NotOlderThan' as const }),
    }
    this.#buffer = new Map()
    if (whole) return this.#page(await source.list(options))
    for await (const page of source.pages({ ...options, pageSize })) {
      const activity = this.#page(page)
      if (activity !== undefined) return activity
    }
    throw new Error('the list ended without its last page')
  }

  #page({ metadata, items }: KubeList<Stored<T>>): Activity | undefined {
    for (const item of items) this.#keep(item)
    const isLast = (metadata.continue ?? '') === ''
    return this.#obey(this.#step({ type: 'page', version: metadata.resourceVersion, isLast }))
  }

  // ── Watches ──

  /** A watch that may fall silent before its initial events are complete. */
  async #stream(activity: Activity & { do: 'stream' }, signal: AbortSignal): Promise<Activity | undefined> {
    const silent = new AbortController()
    const over = new AbortController()
    let instead: Activity | undefined
    const watchdog = this.#whenSilent(AbortSignal.any([signal, over.signal]), (next) => {
      instead = next
      silent.abort()
    })
    this.#buffer = new Map()
    try {
      return await this.#watch(activity, AbortSignal.any([signal, silent.signal]))
    } catch (error) {
      if (instead === undefined) throw error
      return instead
    } finally {
      over.abort()
      await watchdog
    }
  }

  /** Says what to do instead, when initial events no longer come. */
  async #whenSilent(signal: AbortSignal, give: (instead: Activity) => void): Promise<void> {
    while (!signal.aborted && this.state.phase === 'streaming') {
      try {
        await this.#options.effects.sleep(silenceMs, signal)
      } catch {
        return // it is over
      }
      const { activity } = this.#step({ type: 'checked' })
      if (activity !== undefined) give(activity)
    }
  }

  async #watch(
    { do: what, version, timeoutSeconds }: Activity & { do: 'stream' | 'watch' },
    signal: AbortSignal,
  ): Promise<Activity | undefined> {
    const { source, selection, effects } = this.#options
    const events = source.watch({
      ...selection,
      resourceVersion: version,
      ...(what === 'stream' && { sendInitialEvents: true }),
      allowBookmarks: true,
      resume: false,
      idleTimeoutMs: effects.idleTimeoutMs,
      query: { timeoutSeconds },
      onOpen: () => void this.#step({ type: 'opened' }),
      signal,
    })
    for await (const event of events) {
      const activity = event.type === 'BOOKMARK' ? this.#bookmark(event) : this.#event(event)
      if (activity !== undefined) return activity
    }
    signal.throwIfAborted()
    return this.#step({ type: 'ended' }).activity
  }

  #bookmark({ object }: BookmarkEvent): Activity | undefined {
    const metadata: Partial<BookmarkEvent['object']['metadata']> | undefined = object.metadata // it comes from the wire
    this.lastEventAt = this.#options.effects.date()
    const endsInitial = metadata?.annotations?.[endOfInitialEvents] === 'true'
    return this.#obey(this.#step({ type: 'bookmark', version: versionOf(metadata), endsInitial }))
  }

  #event({ type, object }: WatchEvent<Stored<T>>): Activity | undefined {
    this.lastEventAt = this.#options.effects.date()
    if (!this.#isNamed(object)) return undefined
    const version = versionOf(object.metadata)
    const step = this.#step({ type: 'event', version })
    if (step.store === 'buffer') {
      if (type === 'DELETED') this.#buffer.delete(objectKey(object))
      else this.#keep(object)
    } else if (step.store === 'apply') this.#apply(type, object)
    if (step.store !== undefined && this.state.phase === 'watching') this.#options.sink.moved()
    return step.activity
  }

  // ── The store ──

  #apply(type: WatchEvent<Stored<T>>['type'], object: Stored<T>): void {
    const prepared = this.#prepare(object)
    if (prepared === undefined) return
    const { sink } = this.#options
    within(() => (type === 'DELETED' ? sink.remove(prepared) : sink.put(prepared)))
  }

  #keep(object: Stored<T>): void {
    if (!this.#isNamed(object)) return
    const prepared = this.#prepare(object)
    if (prepared !== undefined) this.#buffer.set(objectKey(prepared), prepared)
  }

  #prepare(object: Stored<T>): Stored<T> | undefined {
    return within(() => this.#options.sink.prepare(object))
  }

  /** What is no object of a collection is left out, and its version does not count. */
  #isNamed(object: Stored<T>): boolean {
    const metadata: Partial<Stored<T>['metadata']> | undefined = object.metadata // it comes from the wire
    if (typeof metadata?.name === 'string' && metadata.name !== '') return true
    this.#note(new ProtocolError('the server sent something without a name among the objects: it is left out'))
    return false
  }

  #obey({ store, activity }: Step): Activity | undefined {
    const { sink, effects } = this.#options
    if (store === 'swap') {
      const objects = this.#buffer
      this.#buffer = new Map()
      this.lastSyncAt = effects.date()
      within(() => sink.replace(objects.values()))
    }
    sink.moved()
    return activity
  }

  #step(input: Input): Step {
    const { now, random } = this.#options.effects
    const step = reconnect(this.state, input, { now: now(), random: random() })
    this.state = step.state
    return step
  }
}

function within<R>(work: () => R): R {
  try {
    return work()
  } catch (error) {
    throw new SinkError('the application refused an object', { cause: error })
  }
}

/** It comes from the wire. */
function versionOf(metadata: { readonly resourceVersion?: unknown } | undefined): string | undefined {
  const version = metadata?.resourceVersion
  return typeof version === 'string' && version !== '' ? version : undefined
}
