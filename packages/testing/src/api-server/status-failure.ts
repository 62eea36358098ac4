import type { ApiObject } from './json.ts'
import { qualifiedKind, qualifiedPlural, type ResourceType } from './resource-type.ts'

export interface StatusBody {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: { readonly continue?: string; readonly resourceVersion?: string }
  readonly status: 'Success' | 'Failure'
  readonly message?: string
  readonly reason?: string
  readonly details?: StatusDetails
  readonly code?: number
}

export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly FieldCause[]
  readonly retryAfterSeconds?: number
}

export interface FieldCause {
  readonly reason: string
  readonly message: string
  readonly field?: string
}

/** What messages say of a resource. */
type NamedResource = Pick<ResourceType, 'group' | 'plural'>

/** Thrown by whatever serves a request and answered as its body. Never leaves the server. */
export class StatusFailure extends Error {
  override readonly name = 'StatusFailure'
  readonly body: StatusBody & { readonly code: number }

  constructor(code: number, reason: string | undefined, message: string, details?: StatusDetails, metadata = {}) {
    super(message)
    this.body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata,
      status: 'Failure',
      message,
      ...(reason !== undefined && { reason }),
      ...(details !== undefined && { details }),
      code,
    }
  }
}

export function badRequest(message: string): StatusFailure {
  return new StatusFailure(400, 'BadRequest', message)
}

/** What Go code answers for an error that carries no status. */
export function internalError(message: string): StatusFailure {
  return new StatusFailure(500, undefined, message)
}

export function unauthorized(): StatusFailure {
  return new StatusFailure(401, 'Unauthorized', 'Unauthorized')
}

export function noSuchResource(): StatusFailure {
  return new StatusFailure(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function methodNotAllowed(): StatusFailure {
  const message = 'the server does not allow this method on the requested resource'
  return new StatusFailure(405, 'MethodNotAllowed', message, {})
}

export function notFound(type: NamedResource, name: string): StatusFailure {
  return new StatusFailure(404, 'NotFound', `${qualifiedPlural(type)} ${quote(name)} not found`, detailsOf(type, name))
}

export function alreadyExists(type: NamedResource, name: string): StatusFailure {
  const message = `${qualifiedPlural(type)} ${quote(name)} already exists`
  return new StatusFailure(409, 'AlreadyExists', message, detailsOf(type, name))
}

export function forbidden(
  type: NamedResource,
  name: string,
  why: string,
  causes?: readonly FieldCause[],
): StatusFailure {
  const message = `${qualifiedPlural(type)} ${quote(name)} is forbidden: ${why}`
  return new StatusFailure(403, 'Forbidden', message, { ...detailsOf(type, name), ...(causes && { causes }) })
}

export function conflict(type: NamedResource, name: string, why: string): StatusFailure {
  const message = `Operation cannot be fulfilled on ${qualifiedPlural(type)} ${quote(name)}: ${why}`
  return new StatusFailure(409, 'Conflict', message, detailsOf(type, name))
}

export function staleVersion(type: NamedResource, name: string): StatusFailure {
  const why = 'the object has been modified; please apply your changes to the latest version and try again'
  return conflict(type, name, why)
}

/** A failed precondition of DELETE: here the server names the kind, not the resource. */
export function failedPrecondition(type: ResourceType, name: string, why: string): StatusFailure {
  const message = `Operation cannot be fulfilled on ${qualifiedKind(type)} ${quote(name)}: ${why}`
  return new StatusFailure(409, 'Conflict', message, { ...detailsOf(type, name), kind: type.kind })
}

/** 422 with the causes in words: `Pod "x" is invalid: metadata.name: Required value: …`. */
export function invalid(
  { group, kind }: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly FieldCause[],
): StatusFailure {
  const words = causes.map(({ field, message }) => `${field}: ${message}`)
  const list = words.length === 1 ? words[0] : `[${words.join(', ')}]`
  return new StatusFailure(422, 'Invalid', `${qualifiedKind({ group, kind })} ${quote(name)} is invalid: ${list}`, {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    ...(kind !== '' && { kind }),
    causes,
  })
}

export function invalidOptions(kind: string, causes: readonly FieldCause[]): StatusFailure {
  return invalid({ group: 'meta.k8s.io', kind }, '', causes)
}

export function requiredValue(field: string, what: string): FieldCause {
  return { reason: 'FieldValueRequired', message: `Required value: ${what}`, field }
}

export function invalidValue(field: string, value: unknown, why: string): FieldCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field }
}

export function forbiddenValue(field: string, why: string): FieldCause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field }
}

export function unsupportedValue(field: string, value: unknown, supported: readonly string[]): FieldCause {
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map(quote).join(', ')}`
  return { reason: 'FieldValueNotSupported', message, field }
}

export function unsupportedMediaType(accepted: readonly string[]): StatusFailure {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return new StatusFailure(415, 'UnsupportedMediaType', message)
}

export function bodyTooLarge(limit: number): StatusFailure {
  return new StatusFailure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`)
}

/** @param next - a token that goes on with what there is now */
export function expired(message: string, next?: string): StatusFailure {
  return new StatusFailure(410, 'Expired', message, undefined, next === undefined ? {} : { continue: next })
}

export function versionTooLarge(asked: number, current: number): StatusFailure {
  const cause = { reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`
  return new StatusFailure(504, 'Timeout', message, { causes: [cause], retryAfterSeconds: 1 })
}

/** The honest answer to what is not built: names it, and where to find it. */
export function notSupported(what: string): StatusFailure {
  const remedy = 'a real API server has it: use startControlPlane()'
  return new StatusFailure(501, 'NotImplemented', `the in-memory API server does not support ${what}; ${remedy}`)
}

/** What DELETE answers for most kinds. */
export function deletedStatus(type: ResourceType, { metadata }: ApiObject): StatusBody {
  const details = { ...detailsOf(type, metadata.name), ...(metadata.uid !== undefined && { uid: metadata.uid }) }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}

/** A string in quotes as Go's %q prints it, near enough. */
export function quote(text: string): string {
  return JSON.stringify(text)
}

function detailsOf({ group, plural }: NamedResource, name: string): StatusDetails {
  return { name, ...(group !== '' && { group }), kind: plural }
}
