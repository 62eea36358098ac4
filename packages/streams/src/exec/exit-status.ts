import type { RequestSummary, Status } from '@kubeclient/core'
import { ApiError, ProtocolError } from '@kubeclient/core/spec'

/** How a session ended. */
export interface ExitStatus {
  readonly exitCode: number | undefined
  readonly status: Status | undefined
}

/**
 * Reads the Status with which the server ends a session. Nothing is a good end of which nothing is known.
 *
 * @throws {@link ApiError} for a command that could not run, {@link ProtocolError} for what is no Status
 */
export function exitStatus(text: string, request: RequestSummary): ExitStatus {
  if (text === '') return { exitCode: undefined, status: undefined }
  const status = parseStatus(text)
  if (status?.status === 'Success') return { exitCode: 0, status }
  if (status?.status !== 'Failure')
    throw new ProtocolError(`${request.url}: the server ended the session with no Status`)
  if (status.reason !== 'NonZeroExitCode') throw statusError(status, request)
  return { exitCode: exitCode(status, request), status }
}

/** A Status that came inside the connection, as the error that it is when it comes before. */
export function statusError(
  status: Status,
  request: RequestSummary,
  message: string | undefined = status.message,
): ApiError {
  const { code = 500, reason, details } = status
  return new ApiError(`${message ?? 'the server gave no reason'} (${reason ?? code})`, {
    status: code,
    request,
    reason,
    details,
  })
}

function parseStatus(text: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (!isObject(value) || !isWellFormed(value)) return undefined
    // `exec` leaves out what a Status says of itself; the rest is the server's.
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, ...value } as Status
  } catch {
    return undefined
  }
}

/** Whether what is read of it has the types that it should have. */
function isWellFormed({ message = '', reason = '', code = 0, details = {} }: Record<string, unknown>): boolean {
  if (typeof message !== 'string' || typeof reason !== 'string' || !Number.isInteger(code)) return false
  if (!isObject(details)) return false
  const { causes = [] } = details
  return Array.isArray(causes) && causes.every(isObject)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Its `causes` hold it as text. */
function exitCode({ details }: Status, { url }: RequestSummary): number {
  const cause = details?.causes?.find(({ reason }) => reason === 'ExitCode')
  const code = /^\d{1,3}$/.test(cause?.message ?? '') ? Number(cause?.message) : Number.NaN
  if (code >= 1 && code <= 255) return code
  throw new ProtocolError(`${url}: the command failed, and its exit code is missing`)
}
