import { ProtocolError, TransportError, WatchExpiredError } from '../spec/errors.ts'
import type { KubeResponse, RequestSummary } from '../spec/request.ts'
import { firstLine } from '../transport/first-line.ts'
import { LineDecoder } from '../transport/json-lines.ts'
import { quote } from '../transport/quote.ts'
import { apiError, quoteUnlessJson, type ReadContext, readText } from '../transport/read-response.ts'
import type { IdleLimit } from './idle-limit.ts'
import type { BookmarkEvent, WatchEvent } from './watch-event.ts'

export interface ReadEventsOptions {
  readonly context: ReadContext
  /** Where the watch began, for the error when that is gone. */
  readonly resourceVersion: string | undefined
  readonly maxEventBytes: number
  readonly idle: Pick<IdleLimit, 'during'>
}

/** An event as it stands on the wire; `object` is a Status for ERROR. */
interface WireEvent<O> {
  type: WatchEvent<O>['type'] | BookmarkEvent['type'] | 'ERROR'
  object: O
}

type Batch<O> = readonly (WatchEvent<O> | BookmarkEvent)[]

/**
 * The events of one open watch, as they arrive together. Returns when the server ends it. An ERROR event is thrown, never
 * yielded.
 *
 * @throws {@link WatchExpiredError}, {@link ApiError}, {@link ProtocolError}, {@link TransportError}
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* readEvents<O>(
  response: KubeResponse,
  options: ReadEventsOptions,
): AsyncGenerator<Batch<O>, void, undefined> {
  const { context, maxEventBytes, idle } = options
  await refuseOtherContent(response, context)
  let batch: (WatchEvent<O> | BookmarkEvent)[] = []
  const onLine = (line: string): void => void batch.push(eventOf<O>(line, options))
  const decoder = new LineDecoder(onLine, maxEventBytes, () => tooLong(maxEventBytes, context))
  const chunks = response.body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value: chunk } = await idle.during(chunks.next())
      if (done === true) break
      batch = []
      const failure = thrownBy(() => decoder.push(chunk))
      if (batch.length > 0) yield batch // what came before a broken line is not taken along
      if (failure !== undefined) throw failure.error
    }
  } finally {
    chunks.return?.().catch(() => undefined) // not waited for: it may end with the connection only
  }
  // Not JSON that is broken, but a connection that was.
  if (decoder.pending) throw new TransportError('the connection was lost in the middle of an event', context)
}

function thrownBy(work: () => void): { readonly error: unknown } | undefined {
  try {
    work()
  } catch (error) {
    return { error }
  }
  return undefined
}

/** @throws what an ERROR event stands for */
function eventOf<O>(line: string, options: ReadEventsOptions): WatchEvent<O> | BookmarkEvent {
  const event = parseEvent<O>(line, options.context)
  if (event.type === 'ERROR') throw errorOf(event.object, options)
  return event as WatchEvent<O> | BookmarkEvent // parseEvent checked the type; a BOOKMARK's object is a Bookmark
}

function parseEvent<O>(line: string, context: ReadContext): WireEvent<O> {
  let event: Partial<WireEvent<O>> | null
  try {
    event = JSON.parse(line) as Partial<WireEvent<O>> | null // checked below
  } catch {
    throw broken('holds a line that is no JSON', line, context)
  }
  const { type, object } = event ?? {}
  if (typeof object !== 'object' || object === null) throw broken('holds an event without an object', line, context)
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
    case 'BOOKMARK':
    case 'ERROR':
      return { type, object }
    default:
      throw broken('holds an event of an unknown type', line, context)
  }
}

function errorOf(status: unknown, { context, resourceVersion }: ReadEventsOptions): Error {
  const code = typeof status === 'object' && status !== null && 'code' in status ? status.code : undefined
  const head = { status: typeof code === 'number' ? code : 500, headers: {}, body: nothing, cancel: () => undefined }
  const error = apiError(head, JSON.stringify(status), context)
  return error.status === 410 ? expired(context.request, resourceVersion, { cause: error }) : error
}

export interface ExpiryOptions {
  readonly cause?: Error
  /** Ends before the version. @defaultValue the server says so */
  readonly why?: string
}

/** The typed error for a 410, whether it came as an event or as the answer to the request. */
export function expired(
  request: RequestSummary,
  resourceVersion: string | undefined,
  { cause, why = 'the server no longer has the version' }: ExpiryOptions,
): WatchExpiredError {
  const from = resourceVersion === undefined ? '' : ` ${JSON.stringify(resourceVersion)}`
  const message = `${why}${from} to watch from: list again, and watch from there`
  return new WatchExpiredError(message, { request, resourceVersion }, { cause })
}

async function refuseOtherContent(response: KubeResponse, context: ReadContext): Promise<void> {
  const type = firstLine(response.headers['content-type']) ?? 'no content type'
  if (/^application\/json\b/i.test(type)) return
  const start = await readText(response, 256)
  response.cancel()
  throw broken(`is not one: ${quote(type)} came`, start, context)
}

function tooLong(maxEventBytes: number, { request }: ReadContext): ProtocolError {
  return new ProtocolError(
    `${request.method} ${request.url}: an event of the watch is longer than ${maxEventBytes} bytes (\`maxEventBytes\`)`,
  )
}

function broken(what: string, text: string, { request, secrets }: ReadContext): ProtocolError {
  return new ProtocolError(`${request.method} ${request.url}: the watch ${what}: ${quoteUnlessJson(text, secrets)}`)
}

const nothing: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
}
