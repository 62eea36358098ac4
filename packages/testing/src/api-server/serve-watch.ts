import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Backend } from './backend.ts'
import type { ApiObject } from './json.ts'
import { checkListOptions, flag, integer, selectionOf, versionOf, type Selection } from './list-options.ts'
import { representObject, type Representation } from './representation.ts'
import type { Target } from './resolve-target.ts'
import { apiVersionOf, qualifiedPlural, type ResourceType } from './resource-type.ts'
import { expired, StatusFailure } from './status-failure.ts'
import type { StoreEvent } from './store.ts'
import { inVersion } from './write-object.ts'

/** The API server's own pace. */
const bookmarkIntervalMs = 60_000

export interface WatchRequest {
  readonly target: Target
  readonly query: URLSearchParams
  readonly as: Representation
}

/**
 * Answers a watch until its `timeoutSeconds`, the client or `signal` ends it. Reads the history at the pace of the client, so a
 * slow one costs no memory; one that falls behind the history gets the 410 event.
 *
 * @throws {@link StatusFailure} 400, 422; only before the head is sent
 */
export async function serveWatch(
  backend: Backend,
  { target, query, as }: WatchRequest,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const plan = planOf(target, query)
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
  response.flushHeaders()
  const send = async (type: string, object: object): Promise<void> => {
    if (!response.write(`${JSON.stringify({ type, object })}\n`)) await drained(response, signal)
  }
  try {
    await run(
      backend,
      plan,
      { type: target.type, as, send, isOpen: () => !response.destroyed && !signal.aborted },
      response,
      signal,
    )
  } catch (error) {
    if (!(error instanceof StatusFailure)) throw error
    await send('ERROR', error.body)
  } finally {
    response.end()
  }
}

interface Plan {
  readonly selection: Selection
  /** See only what is later. Absent: the present state first. */
  readonly after?: number
  readonly skipsPresent: boolean
  readonly marksPresent: boolean
  readonly bookmarks: boolean
  readonly timeoutMs?: number
}

function planOf(target: Target, query: URLSearchParams): Plan {
  checkListOptions(query, true)
  const version = versionOf(query.get('resourceVersion')) ?? 0
  const [timeout, bookmarks] = [integer(query, 'timeoutSeconds') ?? 0, flag(query, 'allowWatchBookmarks')]
  const initial = query.has('sendInitialEvents') ? flag(query, 'sendInitialEvents') : undefined
  return {
    selection: selectionOf(target, query),
    ...(version > 0 && initial !== true && { after: version }),
    skipsPresent: initial === false,
    marksPresent: bookmarks && initial !== false,
    bookmarks,
    ...(timeout > 0 && { timeoutMs: timeout * 1000 }),
  }
}

interface Line {
  readonly type: ResourceType
  readonly as: Representation
  readonly send: (type: string, object: object) => Promise<void>
  readonly isOpen: () => boolean
}

async function run(
  { store }: Backend,
  plan: Plan,
  line: Line,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { selection, after } = plan
  const collection = qualifiedPlural(line.type)
  let cursor = after ?? store.revision()
  if (after !== undefined && after < store.compactedRevision()) {
    throw expired(`too old resource version: ${after} (${store.compactedRevision()})`)
  }
  const present = after === undefined && !plan.skipsPresent ? store.list(collection).filter(selection.matches) : []
  for (const object of present) await sendObject(line, 'ADDED', object)
  let marked = -1
  if (after === undefined && plan.marksPresent) {
    await sendBookmark(line, cursor, true)
    marked = cursor
  }

  const alarm = createAlarm(plan)
  const stop = [store.subscribe(alarm.wake), alarm.cancel]
  response.once('close', alarm.wake)
  signal.addEventListener('abort', alarm.wake)
  try {
    while (line.isOpen()) {
      for (; cursor < store.revision() && line.isOpen(); cursor += 1) {
        if (!store.remembersSince(cursor))
          throw expired(`too old resource version: ${cursor} (${store.compactedRevision()})`)
        const event = store.eventAt(cursor + 1)
        if (event?.collection === collection) await sendEvent(line, event, selection)
      }
      if (alarm.isBookmarkDue() && cursor > marked && line.isOpen()) {
        await sendBookmark(line, cursor, false)
        marked = cursor
      }
      if (alarm.isOver()) return
      if (cursor >= store.revision() && line.isOpen()) await alarm.next()
    }
  } finally {
    for (const end of stop) end()
    signal.removeEventListener('abort', alarm.wake)
  }
}

interface Alarm {
  readonly wake: () => void
  /** Resolves at the next wake. */
  readonly next: () => Promise<void>
  readonly isOver: () => boolean
  /** True once per bookmark. */
  readonly isBookmarkDue: () => boolean
  readonly cancel: () => void
}

/** Wakes the watch for its timers and for whatever else calls `wake`. */
function createAlarm({ timeoutMs, bookmarks }: Plan): Alarm {
  let [isOver, isBookmarkDue] = [false, false]
  let waiting = Promise.withResolvers<void>()
  const wake = (): void => {
    waiting.resolve()
    waiting = Promise.withResolvers<void>()
  }
  const interval = setInterval(() => {
    isBookmarkDue = bookmarks
    wake()
  }, bookmarkIntervalMs)
  const timer = setTimeout(
    () => {
      isBookmarkDue = bookmarks
      isOver = true
      wake()
    },
    Math.min(timeoutMs ?? 2 ** 31 - 1, 2 ** 31 - 1),
  )
  return {
    wake,
    next: () => waiting.promise,
    isOver: () => isOver,
    isBookmarkDue() {
      const isDue = isBookmarkDue
      isBookmarkDue = false
      return isDue
    },
    cancel() {
      clearInterval(interval)
      clearTimeout(timer)
    },
  }
}

/** An object that leaves the selection is DELETED, as it was before; one that enters it is ADDED. */
async function sendEvent(
  line: Line,
  { type, revision, object, previous }: StoreEvent,
  { matches }: Selection,
): Promise<void> {
  const was = previous !== undefined && matches(previous) ? previous : undefined
  if (type !== 'DELETED' && matches(object)) return sendObject(line, was === undefined ? 'ADDED' : 'MODIFIED', object)
  if (was === undefined) return undefined
  const metadata = { ...was.metadata, resourceVersion: String(revision) }
  return sendObject(line, 'DELETED', { ...was, metadata })
}

async function sendObject({ type, as, send }: Line, event: string, object: ApiObject): Promise<void> {
  await send(event, representObject(inVersion(object, type), as))
}

async function sendBookmark({ type, as, send }: Line, cursor: number, endsInitial: boolean): Promise<void> {
  const isMetadata = as === 'metadata'
  const kind = isMetadata ? 'PartialObjectMetadata' : type.kind
  const apiVersion = isMetadata ? 'meta.k8s.io/v1' : apiVersionOf(type)
  const annotations = { 'k8s.io/initial-events-end': 'true' }
  const metadata = { resourceVersion: String(cursor), ...(endsInitial && { annotations }) }
  await send('BOOKMARK', { kind, apiVersion, metadata })
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  const done = new AbortController()
  const options = { signal: AbortSignal.any([signal, done.signal]) }
  try {
    await Promise.race([once(response, 'drain', options), once(response, 'close', options)])
  } catch {
    // Aborted or torn down: the loop sees that itself, and ends.
  } finally {
    done.abort()
  }
}
