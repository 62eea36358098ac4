import { isKubeError } from '../spec/errors.ts'
import type { KubeResponse } from '../spec/request.ts'
import type { BookmarkWatchOptions, WatchOptions } from '../request/options.ts'
import { Deadline } from '../transport/deadline.ts'
import type { ReadContext } from '../transport/read-response.ts'
import { expired, readEvents } from './read-events.ts'
import type { BuildRequest, Session } from './session.ts'
import type { BookmarkEvent, WatchEvent } from './watch-event.ts'

const timeIsUp = Symbol('timeIsUp')

/** One connection, from its request to its end. `break`, `signal` and `close()` free it at once. */
export async function* watch<O>(
  session: Session,
  build: BuildRequest,
  options: WatchOptions | BookmarkWatchOptions,
  /** Runs the opening, and again if the kind has moved. */
  opening: <R>(open: () => Promise<R>) => Promise<R>,
): AsyncGenerator<WatchEvent<O> | BookmarkEvent, void, undefined> {
  const { signal, timeoutMs } = options
  const deadline = timeoutMs === undefined ? undefined : new Deadline(signal, timeoutMs, () => timeIsUp)
  try {
    const within = deadline?.signal ?? signal
    const opened = await opening(() => open(session, build, options.resourceVersion, within))
    yield* eventsOf<O>(opened, options, within)
  } catch (error) {
    if (error !== timeIsUp) throw error
  } finally {
    deadline?.end()
  }
}

interface Opened {
  readonly response: KubeResponse
  readonly context: ReadContext
}

async function* eventsOf<O>(
  { response, context }: Opened,
  { resourceVersion, allowBookmarks }: WatchOptions | BookmarkWatchOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent<O> | BookmarkEvent, void, undefined> {
  try {
    for await (const event of readEvents<O>(response, { ...context, resourceVersion })) {
      if (event.type !== 'BOOKMARK' || allowBookmarks === true) yield event
      signal?.throwIfAborted() // more events may have arrived before the abort
    }
  } finally {
    response.cancel()
  }
}

async function open(
  session: Session,
  build: BuildRequest,
  resourceVersion: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  try {
    return await session.call(build, { signal }, (response, context) => ({ response, context }))
  } catch (error) {
    if (!isKubeError(error, 'KUBE_API') || error.status !== 410) throw error
    throw expired({ request: error.request, secrets: [], resourceVersion }, error)
  }
}
