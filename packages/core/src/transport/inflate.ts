import type { KubeRequest, RequestHeaders, ResponseHeaders } from '../spec/request.ts'
import { BufferedBody } from './buffered-body.ts'
import { firstLine } from './first-line.ts'
import { bodyLimit, brokenAnswer, isFailure } from './response-limits.ts'

/** Headers as they are sent: a unary answer may come as gzip, unless the caller has said what he can read. */
export function acceptingGzip({ kind, headers }: KubeRequest): RequestHeaders {
  const ours = kind === 'unary' && headers['accept-encoding'] === undefined
  return ours ? { ...headers, 'accept-encoding': 'gzip' } : headers
}

/** The body of a unary answer; a promise if it has to be inflated first. @throws {@link ProtocolError} */
export function inflate(
  server: URL,
  request: KubeRequest,
  { status, headers }: { readonly status: number; readonly headers: ResponseHeaders },
  chunks: readonly Uint8Array[],
): BufferedBody | Promise<BufferedBody> {
  const encoding = firstLine(headers['content-encoding'])
  const theirs = request.headers['accept-encoding'] !== undefined
  if (encoding === undefined || theirs || chunks.length === 0) return new BufferedBody(chunks)
  const name = encoding.trim().toLowerCase()
  if (name === 'gzip' || name === 'x-gzip') return gunzip(server, request, status, chunks)
  if (name === 'identity' || name === '') return new BufferedBody(chunks)
  throw brokenAnswer(server, request, `the body came as ${JSON.stringify(encoding)}, and gzip was asked for`)
}

async function gunzip(
  server: URL,
  request: KubeRequest,
  status: number,
  chunks: readonly Uint8Array[],
): Promise<BufferedBody> {
  const { constants, gunzipSync } = await import('node:zlib') // a cold start without long lists does not pay for it
  const maxOutputLength = bodyLimit(status)
  // The body of a failure may have been cut off.
  const finishFlush = isFailure(status) ? constants.Z_SYNC_FLUSH : constants.Z_FINISH
  try {
    // At once and not as a stream: it takes two thirds of the time.
    return new BufferedBody([gunzipSync(Buffer.concat(chunks), { maxOutputLength, finishFlush })])
  } catch (error) {
    const tooLong = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    const why = tooLong ? `inflates to more than ${maxOutputLength} bytes: list in pages` : 'is no gzip, or cut short'
    throw brokenAnswer(server, request, `the body came as gzip, and ${why}`)
  }
}
