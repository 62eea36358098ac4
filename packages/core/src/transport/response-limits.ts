import { ProtocolError } from '../spec/errors.ts'
import type { KubeRequest } from '../spec/request.ts'
import { maxBodyBytes } from './buffered-body.ts'
import { encodeTarget } from './encode-target.ts'
import { requestSummary } from './request-summary.ts'

/** A body that explains a failure is read this far: an endless one would never be, and no Status is as long. */
const maxErrorBytes = 1 << 20
/** Interim responses (1xx): more of them only keep us waiting. */
const maxInterim = 20

export function isFailure(status: number): boolean {
  return status >= 400
}

/** Bytes that are read of a unary body. What a failure has beyond is left unread, anything else that is longer is an error. */
export function bodyLimit(status: number): number {
  return isFailure(status) ? maxErrorBytes : maxBodyBytes
}

export function bodyTooLong(server: URL, request: KubeRequest): ProtocolError {
  return brokenAnswer(server, request, 'the body is longer than 512 MiB: list in pages')
}

/** What to end the exchange with after so many interim responses. */
export function interimFault(count: number, server: URL, request: KubeRequest): ProtocolError | undefined {
  return count === maxInterim
    ? brokenAnswer(server, request, `${maxInterim} interim responses (1xx) came, and no answer`)
    : undefined
}

/**
 * Milliseconds that the head of a response is waited for; 0: as long as it takes. The API server sends the head of a watch at
 * once, even if nothing happens. That of a log that is followed comes with the first line, which may be hours away.
 */
export function headLimit(request: KubeRequest, responseMs: number): number {
  return request.kind !== 'stream' || isWatch(request) ? responseMs : 0
}

function isWatch(request: KubeRequest): boolean {
  return /[?&]watch=(?:true|1)(?:&|$)/.test(encodeTarget(request))
}

export function brokenAnswer(server: URL, request: KubeRequest, what: string): ProtocolError {
  const { method, url } = requestSummary(server, request)
  return new ProtocolError(`${method} ${url}: ${what}`)
}
