import { isStatus } from '../spec/errors.ts'
import type { StatusCause, StatusDetails, StatusReason } from '../spec/object.ts'
import { mask } from './quote.ts'

/** What an error keeps of a failure `Status`. */
export interface Failure {
  readonly message?: string
  readonly reason?: StatusReason
  readonly details?: StatusDetails
  readonly continueToken?: string
}

/**
 * Reads a failure `Status` field by field: what has another type counts as absent, and credentials that the server echoes
 * are masked. `undefined` for any other text, such as a proxy's HTML or the plain text of priority and fairness.
 */
export function parseFailure(text: string, secrets: readonly string[]): Failure | undefined {
  const value = parseJson(text)
  if (!isStatus(value)) return undefined
  const { details, metadata }: { details?: unknown; metadata?: unknown } = value
  const { continue: continueToken } = texts(metadata, ['continue'], secrets)
  return {
    ...texts(value, ['message', 'reason'], secrets),
    ...(isObject(details) && { details: parseDetails(details, secrets) }),
    ...(continueToken !== undefined && { continueToken }),
  }
}

function parseDetails(details: object, secrets: readonly string[]): StatusDetails {
  const { causes, retryAfterSeconds }: { causes?: unknown; retryAfterSeconds?: unknown } = details
  return {
    ...texts(details, ['name', 'group', 'kind', 'uid'], secrets),
    ...(Array.isArray(causes) && { causes: causes.filter(isObject).map((cause) => parseCause(cause, secrets)) }),
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
  }
}

function parseCause(cause: object, secrets: readonly string[]): StatusCause {
  return texts(cause, ['reason', 'message', 'field'], secrets)
}

/** Those of the fields that are texts. */
function texts<Name extends string>(
  source: unknown,
  names: readonly Name[],
  secrets: readonly string[],
): { [N in Name]?: string } {
  const found: { [N in Name]?: string } = {}
  if (!isObject(source)) return found
  const fields = new Map(Object.entries(source))
  for (const name of names) {
    const value: unknown = fields.get(name)
    if (typeof value === 'string' && value !== '') found[name] = mask(value, secrets)
  }
  return found
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // quoted instead
  }
}
