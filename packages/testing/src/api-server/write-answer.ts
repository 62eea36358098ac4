import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Answer } from './backend.ts'
import type { StatusFailure } from './status-failure.ts'

/** Above this size the API server compresses for clients that take it. */
const compressedFromBytes = 128 * 1024

export function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, headers }: Answer,
): void {
  const isText = typeof body === 'string'
  const bytes = Buffer.from(isText ? body : `${JSON.stringify(body)}\n`)
  const isCompressed = bytes.length > compressedFromBytes && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  const payload = isCompressed ? gzipSync(bytes, { level: 1 }) : bytes
  response.writeHead(status, {
    'audit-id': randomUUID(),
    'cache-control': 'no-cache, private',
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    ...(isCompressed && { 'content-encoding': 'gzip', vary: 'Accept-Encoding' }),
    ...(status !== 304 && { 'content-length': payload.length }),
    ...headers,
  })
  response.end(request.method === 'HEAD' || status === 304 ? undefined : payload)
}

export function failureAnswer({ body }: StatusFailure): Answer {
  const retryAfter = body.details?.retryAfterSeconds
  return {
    status: body.code,
    body,
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  }
}
