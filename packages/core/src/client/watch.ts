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
): AsyncGenerator<WatchEvent<O> | BookmarkEvent, void, undefined> {
  const { signal, timeoutMs } = options
  const deadline = timeoutMs === undefined ? undefined : new Deadline(signal, timeoutMs, () => timeIsUp)
  try {
    yield* watchUntil<O>(session, build, options, deadline?.signal ?? signal)
  } catch (error) {
    if (error !== timeIsUp) throw error
  } finally {
    deadline?.end()
  }
}

async function* watchUntil<O>(
  session: Session,
  build: BuildRequest,
  { resourceVersion, allowBookmarks }: WatchOptions | BookmarkWatchOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent<O> | BookmarkEvent, void, undefined> {
  const { response, context } = await open(session, build, resourceVersion, signal)
  try {
    for await (const event of readEvents<O>(response, { ...context, resourceVersion })) {
      if (event.type !== 'BOOKMARK' || allowBookmarks === true) yield event
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
): Promise<{ response: KubeResponse; context: ReadContext }> {
  try {
    return await session.call(build, { signal }, (response, context) => ({ response, context }))
  } catch (error) {
    if (!isKubeError(error, 'KUBE_API') || error.status !== 410) throw error
    throw expired({ request: error.request, secrets: [], resourceVersion }, error)
  }
}
