import { ApiError, ProtocolError } from '../spec/errors.ts'
import type { KubeResponse, RequestSummary } from '../spec/request.ts'
import { BufferedBody } from './buffered-body.ts'
import { firstLine } from './first-line.ts'
import { type Failure, parseFailure } from './parse-failure.ts'
import { quote } from './quote.ts'
import { retryAfterSeconds } from './retry-after.ts'

/** Characters of a body that is no Status which an error quotes. */
const quotedCharacters = 512
/** A body that is quoted is read this far, in bytes: an endless one would never be. */
const errorBodyBytes = 64 * 1024
/** And for so long, in milliseconds: that of a stream has no other limit. */
const quotedMs = 10_000

/** What an error may say besides the server's words. */
export interface ReadContext {
  readonly request: RequestSummary
  /** Values that may not be quoted: credentials. */
  readonly secrets: readonly string[]
}

/**
 * The text of a body: the whole, or what is to be quoted of it: as far as `limit` bytes and the rest of the chunk in which they
 * end, or what has come within ten seconds.
 */
export async function readText(response: Pick<KubeResponse, 'body' | 'cancel'>, limit?: number): Promise<string> {
  if (limit === undefined || response.body instanceof BufferedBody) return (await buffered(response.body)).text()
  const late = setTimeout(() => response.cancel(), quotedMs)
  try {
    return (await buffered(response.body, limit)).text()
  } finally {
    clearTimeout(late)
  }
}

export async function readBytes(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return (await buffered(body)).bytes()
}

async function buffered(
  body: AsyncIterable<Uint8Array>,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<BufferedBody> {
  if (body instanceof BufferedBody) return body
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= limit) break
  }
  return new BufferedBody(chunks)
}

/** The JSON of a successful response. The type is the caller's claim. @throws {@link ProtocolError} */
export async function readJson<T>(response: KubeResponse, context: ReadContext): Promise<T> {
  const text = await readText(response)
  try {
    return JSON.parse(text) as T // what the API promises for this request
  } catch {
    throw new ProtocolError(`${notJson(response, text, context)} (does \`server\` point at a Kubernetes API server?)`)
  }
}

/** @throws {@link ApiError} for a status that is no success, after reading what the server says about it. */
export async function throwUnlessOk(response: KubeResponse, context: ReadContext): Promise<void> {
  const { status } = response
  // 101 answers an upgrade, 304 a request that was made on that condition.
  if ((status >= 200 && status < 300) || status === 101 || status === 304) return
  const text = await readText(response, errorBodyBytes)
  response.cancel()
  throw apiError(response, text, context)
}

/** The error that a failure response stands for. */
export function apiError({ status, headers, attempts }: KubeResponse, text: string, context: ReadContext): ApiError {
  const failure = parseFailure(text, context.secrets)
  const details = failure?.details
  return new ApiError(
    `${words(status, failure, text, context)} (${label(status, failure)})${advice(status, context)}`,
    {
      status,
      request: context.request,
      attempts,
      reason: failure?.reason,
      details,
      retryAfterSeconds: retryAfterSeconds(headers['retry-after'], Date.now()) ?? details?.retryAfterSeconds,
      flowSchemaUid: firstLine(headers['x-kubernetes-pf-flowschema-uid']),
      priorityLevelUid: firstLine(headers['x-kubernetes-pf-prioritylevel-uid']),
      continueToken: failure?.continueToken,
    },
  )
}

function words(status: number, failure: Failure | undefined, text: string, { secrets }: ReadContext): string {
  if (failure?.message !== undefined) return quote(failure.message, { limit: 4096 })
  if (status >= 300 && status < 400) return 'the server redirects elsewhere, which is not followed'
  const quoted = quote(text.trim(), { secrets, limit: quotedCharacters })
  return quoted === '' ? 'the server gave no reason' : `the server answered ${JSON.stringify(quoted)}`
}

function label(status: number, failure: Failure | undefined): string {
  return failure?.reason === undefined ? String(status) : `${status} ${quote(failure.reason)}`
}

function advice(status: number, { secrets }: ReadContext): string {
  if (status !== 401) return ''
  if (secrets.length === 0)
    return ': no token or password was sent (`credentials`), and no client certificate that the server knows'
  return ': the credentials were refused; they may have expired, or belong to another cluster'
}

function notJson({ headers }: KubeResponse, text: string, { request, secrets }: ReadContext): string {
  const type = quote(firstLine(headers['content-type']) ?? 'no content type', { secrets })
  return `${request.method} ${request.url}: JSON was expected, and ${type} came: ${quoteUnlessJson(text, secrets)}`
}

/** How a text begins; JSON that cannot be parsed was an object, perhaps a Secret, and is not shown. */
export function quoteUnlessJson(text: string, secrets: readonly string[]): string {
  const start = text.trim()
  if (/^[[{]/.test(start)) return `JSON that is broken or cut short, ${text.length} characters`
  return JSON.stringify(quote(start, { secrets, limit: 120 }))
}
