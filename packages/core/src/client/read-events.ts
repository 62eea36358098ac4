import { ProtocolError, TransportError, WatchExpiredError } from '../spec/errors.ts'
import type { KubeResponse } from '../spec/request.ts'
import { firstLine } from '../transport/first-line.ts'
import { LineDecoder } from '../transport/json-lines.ts'
import { quote } from '../transport/quote.ts'
import { apiError, quoteUnlessJson, type ReadContext, readText } from '../transport/read-response.ts'
import type { BookmarkEvent, WatchEvent } from './watch-event.ts'

export interface ReadEventsContext extends ReadContext {
  /** Where the watch began, for the error when that is gone. */
  readonly resourceVersion: string | undefined
}

/** An event as it stands on the wire; `object` is a Status for ERROR. */
interface WireEvent<O> {
  type: WatchEvent<O>['type'] | BookmarkEvent['type'] | 'ERROR'
  object: O
}

/**
 * The events of one open watch. Returns when the server ends it. An ERROR event is thrown, never yielded.
 *
 * @throws {@link WatchExpiredError}, {@link ApiError}, {@link ProtocolError}, {@link TransportError}
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* readEvents<O>(
  response: KubeResponse,
  context: ReadEventsContext,
): AsyncGenerator<WatchEvent<O> | BookmarkEvent, void, undefined> {
  await refuseOtherContent(response, context)
  let lines: string[] = []
  const decoder = new LineDecoder((line) => lines.push(line))
  for await (const chunk of response.body) {
    decoder.push(chunk)
    const batch = lines
    lines = []
    // Parsed one by one: a broken line must not take the events before it along.
    for (const line of batch) {
      const event = parseEvent<O>(line, context)
      if (event.type === 'ERROR') throw errorOf(event.object, context)
      yield event as WatchEvent<O> | BookmarkEvent // parseEvent checked the type; a BOOKMARK's object is a Bookmark
    }
  }
  if (decoder.pending) throw new TransportError('the connection was lost in the middle of an event', context)
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

function errorOf(status: unknown, context: ReadEventsContext): Error {
  const code = typeof status === 'object' && status !== null && 'code' in status ? status.code : undefined
  const head = { status: typeof code === 'number' ? code : 500, headers: {}, body: nothing, cancel: () => undefined }
  const error = apiError(head, JSON.stringify(status), context)
  return error.status === 410 ? expired(context, error) : error
}

/** The typed error for a 410, whether it came as an event or as the answer to the request. */
export function expired({ request, resourceVersion }: ReadEventsContext, cause: Error): WatchExpiredError {
  const from = resourceVersion === undefined ? '' : ` ${JSON.stringify(resourceVersion)}`
  const message = `the server no longer has the version${from} to watch from: list again, and watch from there`
  return new WatchExpiredError(message, { request, resourceVersion }, { cause })
}

async function refuseOtherContent(response: KubeResponse, context: ReadContext): Promise<void> {
  const type = firstLine(response.headers['content-type']) ?? 'no content type'
  if (/^application\/json\b/i.test(type)) return
  const start = await readText(response, 256)
  response.cancel()
  throw broken(`is not one: ${quote(type)} came`, start, context)
}

function broken(what: string, text: string, { request, secrets }: ReadContext): ProtocolError {
  return new ProtocolError(`${request.method} ${request.url}: the watch ${what}: ${quoteUnlessJson(text, secrets)}`)
}

const nothing: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
}
