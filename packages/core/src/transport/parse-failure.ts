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

/** Secrets shorter than that are masked in words only: "NotFound" may be somebody's password, and is a reason. */
const unmistakable = 12

/**
 * Reads a failure `Status` field by field: what has another type counts as absent, and credentials that the server echoes
 * are masked, in what programs compare only those that can be nothing else. `undefined` for any other text, such as a proxy's HTML or the plain text of priority and fairness.
 */
export function parseFailure(text: string, secrets: readonly string[]): Failure | undefined {
  const value = parseJson(text)
  if (!isStatus(value)) return undefined
  const long = secrets.filter(({ length }) => length >= unmistakable)
  const { details, metadata }: { details?: unknown; metadata?: unknown } = value
  const { continue: continueToken } = texts(metadata, ['continue'], long)
  return {
    ...texts(value, ['message'], secrets),
    ...texts(value, ['reason'], long),
    ...(isObject(details) && { details: parseDetails(details, secrets, long) }),
    ...(continueToken !== undefined && { continueToken }),
  }
}

function parseDetails(details: object, secrets: readonly string[], long: readonly string[]): StatusDetails {
  const { causes, retryAfterSeconds }: { causes?: unknown; retryAfterSeconds?: unknown } = details
  const parseCause = (cause: object): StatusCause => ({
    ...texts(cause, ['reason', 'field'], long),
    ...texts(cause, ['message'], secrets),
  })
  return {
    ...texts(details, ['name', 'group', 'kind', 'uid'], long),
    ...(Array.isArray(causes) && { causes: causes.filter(isObject).map(parseCause) }),
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
  }
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
