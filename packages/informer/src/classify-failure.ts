import type { ApiError } from '@kubeclient/core'
import { isExpired, isKubeError } from '@kubeclient/core/spec'

/** What a failure means for the next attempt. */
export type Failure =
  /** It may work in a moment. */
  | { readonly kind: 'lost'; readonly retryAfterMs: number }
  /** The server no longer has the version that was asked for. */
  | { readonly kind: 'expired' }
  /** The server does not have the version yet, or never will: it is another history. */
  | { readonly kind: 'future'; readonly retryAfterMs: number }
  /** It will not work until somebody changes rights, credentials or what the server serves. */
  | { readonly kind: 'refused' }
  /** The server does not understand the request. */
  | { readonly kind: 'invalid' }
  /** No server would take it. */
  | { readonly kind: 'fatal' }

const refusals = new Set([401, 403, 404, 405, 406])
const invalid = new Set([400, 422])

/** Anything that has no better name is `lost`: a copy that keeps trying heals, one that gave up does not. */
export function classifyFailure(error: unknown): Failure {
  if (isExpired(error)) return { kind: 'expired' }
  if (isKubeError(error, 'KUBE_API')) return classifyAnswer(error)
  if (isKubeError(error, 'KUBE_NO_MATCH') || isKubeError(error, 'KUBE_CREDENTIALS')) return { kind: 'refused' }
  if (isKubeError(error, 'KUBE_INVALID_REQUEST') || isKubeError(error, 'KUBE_CONFIG')) return { kind: 'fatal' }
  return isClientClosed(error) ? { kind: 'fatal' } : { kind: 'lost', retryAfterMs: 0 }
}

export function isClientClosed(error: unknown): boolean {
  return isKubeError(error, 'KUBE_TRANSPORT') && error.clientClosed
}

function classifyAnswer({ status, causes, retryAfterSeconds = 0 }: ApiError): Failure {
  const retryAfterMs = retryAfterSeconds * 1000
  if (causes.some(({ reason }) => reason === 'ResourceVersionTooLarge')) return { kind: 'future', retryAfterMs }
  if (refusals.has(status)) return { kind: 'refused' }
  if (invalid.has(status)) return { kind: 'invalid' }
  return { kind: 'lost', retryAfterMs }
}
