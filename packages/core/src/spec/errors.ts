import type { Status, StatusCause, StatusDetails, StatusReason } from './object.ts'
import type { RequestSummary } from './request.ts'

const brand = Symbol.for('@kubeclient/core.KubeError')

/** What tells the errors of the family apart. */
export type KubeErrorCode = AnyKubeError['code']

/**
 * Base class of every error of the family. Match on {@link KubeError.code} with {@link isKubeError}, not on the class: codes
 * survive duplicate installs. No error holds a header, a credential or a body, so each can be logged.
 */
export abstract class KubeError extends Error {
  abstract readonly code: string

  static {
    // On the prototype and keyed by a registered symbol: a copy of this package recognises the errors of another.
    Object.defineProperty(this.prototype, brand, { value: true })
  }
}

/** What an {@link ApiError} is made of: its fields. */
export interface ApiErrorDetails {
  readonly status: number
  readonly request: RequestSummary
  readonly reason?: StatusReason | undefined
  readonly details?: StatusDetails | undefined
  readonly retryAfterSeconds?: number | undefined
  readonly attempts?: number | undefined
  readonly flowSchemaUid?: string | undefined
  readonly priorityLevelUid?: string | undefined
  readonly continueToken?: string | undefined
}

/** The API server answered with a failure. */
export class ApiError extends KubeError {
  override readonly name = 'ApiError'
  readonly code = 'KUBE_API'
  /** HTTP status. */
  readonly status: number
  readonly reason: StatusReason | undefined
  readonly details: StatusDetails | undefined
  /** `details.causes`, empty when absent. */
  readonly causes: readonly StatusCause[]
  /** Seconds, from the header or the Status. */
  readonly retryAfterSeconds: number | undefined
  readonly request: RequestSummary
  readonly attempts: number
  /** Priority and fairness: which flow schema answered. */
  readonly flowSchemaUid: string | undefined
  /** Priority and fairness: which priority level answered. */
  readonly priorityLevelUid: string | undefined
  /** Of an expired list: pass it as `continue` to go on, with an inconsistent rest. */
  readonly continueToken: string | undefined

  constructor(message: string, details: ApiErrorDetails, options?: ErrorOptions) {
    super(prefixed(details.request, message), options)
    this.status = details.status
    this.reason = details.reason
    this.details = details.details
    this.causes = details.details?.causes ?? []
    this.retryAfterSeconds = details.retryAfterSeconds
    this.request = details.request
    this.attempts = details.attempts ?? 1
    this.flowSchemaUid = details.flowSchemaUid
    this.priorityLevelUid = details.priorityLevelUid
    this.continueToken = details.continueToken
  }
}

/** What a {@link TransportError} is made of: its fields. */
export interface TransportErrorDetails {
  readonly request: RequestSummary
  readonly maybeApplied?: boolean | undefined
  readonly clientClosed?: boolean | undefined
  readonly attempts?: number | undefined
}

/** No complete response. */
export class TransportError extends KubeError {
  override readonly name = 'TransportError'
  readonly code = 'KUBE_TRANSPORT'
  /** The write may have taken effect: read before you repeat it. */
  readonly maybeApplied: boolean
  /** The client was closed before the request was sent: no further one will be. */
  readonly clientClosed: boolean
  readonly request: RequestSummary
  readonly attempts: number

  constructor(message: string, details: TransportErrorDetails, options?: ErrorOptions) {
    super(prefixed(details.request, message), options)
    this.maybeApplied = details.maybeApplied ?? false
    this.clientClosed = details.clientClosed ?? false
    this.request = details.request
    this.attempts = details.attempts ?? 1
  }
}

/** A provider could not produce credentials. */
export class CredentialError extends KubeError {
  override readonly name = 'CredentialError'
  readonly code = 'KUBE_CREDENTIALS'
  /** {@link CredentialProvider.name}. */
  readonly provider: string

  constructor(message: string, details: { readonly provider: string }, options?: ErrorOptions) {
    super(message, options)
    this.provider = details.provider
  }
}

/** Discovery failed, so whether the kind exists is not known. */
export class DiscoveryError extends KubeError {
  override readonly name = 'DiscoveryError'
  readonly code = 'KUBE_DISCOVERY'
  /** Group versions that did not answer. */
  readonly groupVersions: readonly string[]

  constructor(message: string, details: { readonly groupVersions: readonly string[] }, options?: ErrorOptions) {
    super(message, options)
    this.groupVersions = details.groupVersions
  }
}

/** Discovery succeeded, and the server does not serve it. */
export class NoMatchError extends KubeError {
  override readonly name = 'NoMatchError'
  readonly code = 'KUBE_NO_MATCH'
  /** What was asked for, printed. */
  readonly ref: string

  constructor(message: string, details: { readonly ref: string }, options?: ErrorOptions) {
    super(message, options)
    this.ref = details.ref
  }
}

/** Where a {@link ConfigError} was found, if in a file. */
export interface ConfigErrorDetails {
  /** Its path. */
  readonly file?: string | undefined
  /** The first is 1. */
  readonly line?: number | undefined
}

/** A configuration that cannot work; names the entry, file and line where there is one, and the remedy. */
export class ConfigError extends KubeError {
  override readonly name = 'ConfigError'
  readonly code = 'KUBE_CONFIG'
  readonly file: string | undefined
  readonly line: number | undefined

  constructor(message: string, details: ConfigErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.file = details.file
    this.line = details.line
  }
}

/** Refused before any I/O. */
export class InvalidRequestError extends KubeError {
  override readonly name = 'InvalidRequestError'
  readonly code = 'KUBE_INVALID_REQUEST'
}

/** What a {@link WatchExpiredError} is made of: its fields. */
export interface WatchExpiredErrorDetails {
  readonly request: RequestSummary
  readonly resourceVersion?: string | undefined
}

/** The version to resume from is gone: list again. */
export class WatchExpiredError extends KubeError {
  override readonly name = 'WatchExpiredError'
  readonly code = 'KUBE_WATCH_EXPIRED'
  /** The version that the server no longer has. */
  readonly resourceVersion: string | undefined
  readonly request: RequestSummary

  constructor(message: string, details: WatchExpiredErrorDetails, options?: ErrorOptions) {
    super(prefixed(details.request, message), options)
    this.resourceVersion = details.resourceVersion
    this.request = details.request
  }
}

/** The peer broke a protocol: truncated JSON, a wrong subprotocol, an answer of another kind. */
export class ProtocolError extends KubeError {
  override readonly name = 'ProtocolError'
  readonly code = 'KUBE_PROTOCOL'
}

/** Every error of the family; `switch (error.code)` narrows it. */
export type AnyKubeError =
  | ApiError
  | TransportError
  | CredentialError
  | DiscoveryError
  | NoMatchError
  | ConfigError
  | InvalidRequestError
  | WatchExpiredError
  | ProtocolError

/**
 * Narrows a caught value to one of our errors, also one from another copy of this package.
 *
 * @example
 * if (isKubeError(error, 'KUBE_TRANSPORT') && error.maybeApplied) await readBeforeRepeating()
 */
export function isKubeError(value: unknown): value is AnyKubeError
export function isKubeError<const Code extends KubeErrorCode>(
  value: unknown,
  code: Code,
): value is Extract<AnyKubeError, { code: Code }>
export function isKubeError(value: unknown, code?: string): boolean {
  if (typeof value !== 'object' || value === null || !(brand in value)) return false
  return code === undefined || ('code' in value && value.code === code)
}

/** 404. */
export function isNotFound(value: unknown): value is ApiError {
  return hasStatus(value, 404)
}

/** 409 with reason AlreadyExists. */
export function isAlreadyExists(value: unknown): value is ApiError {
  return hasStatus(value, 409) && value.reason === 'AlreadyExists'
}

/** 409 without reason AlreadyExists: a stale resourceVersion, or fields of another manager. */
export function isConflict(value: unknown): value is ApiError {
  return hasStatus(value, 409) && value.reason !== 'AlreadyExists'
}

/** 403. */
export function isForbidden(value: unknown): value is ApiError {
  return hasStatus(value, 403)
}

/** 401. */
export function isUnauthorized(value: unknown): value is ApiError {
  return hasStatus(value, 401)
}

/** 410, of a list or of a watch. */
export function isExpired(value: unknown): value is ApiError | WatchExpiredError {
  return hasStatus(value, 410) || isKubeError(value, 'KUBE_WATCH_EXPIRED')
}

/** 429. */
export function isTooManyRequests(value: unknown): value is ApiError {
  return hasStatus(value, 429)
}

/** The server's `Status`, where an object could have come. */
export function isStatus(value: unknown): value is Status {
  if (typeof value !== 'object' || value === null) return false
  return 'kind' in value && value.kind === 'Status' && 'apiVersion' in value && value.apiVersion === 'v1'
}

function hasStatus(value: unknown, status: number): value is ApiError {
  return isKubeError(value, 'KUBE_API') && value.status === status
}

function prefixed({ method, url }: RequestSummary, message: string): string {
  return `${method} ${url}: ${message}`
}
