import type { Impersonation } from '../spec/client-config.ts'
import { ConfigError } from '../spec/errors.ts'
import type { RequestHeaders } from '../spec/request.ts'

/**
 * One line for each group and each value of an extra, whose keys are percent-encoded since a header name cannot hold them.
 *
 * @throws {@link ConfigError} for what no header can carry
 * @see https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function impersonationHeaders(impersonation: Impersonation | undefined): RequestHeaders {
  if (impersonation === undefined) return {}
  const { user, uid, groups, extra } = impersonation
  return {
    'impersonate-user': headerValue(user, 'user'),
    ...(uid !== undefined && { 'impersonate-uid': headerValue(uid, 'uid') }),
    ...(groups !== undefined &&
      groups.length > 0 && { 'impersonate-group': groups.map((group) => headerValue(group, 'groups')) }),
    ...Object.fromEntries(
      Object.entries(extra ?? {}).map(([key, values]) => [
        extraHeader(key),
        values.map((value) => headerValue(value, 'extra')),
      ]),
    ),
  }
}

/** Percent-encoded, parentheses too: `encodeURIComponent` leaves them, and a header name cannot hold them. */
function extraHeader(key: string): string {
  if (key === '' || !key.isWellFormed()) throw new ConfigError('`impersonate.extra` has a key that is empty or no text')
  const encoded = encodeURIComponent(key).replaceAll('(', '%28').replaceAll(')', '%29')
  return `impersonate-extra-${encoded.toLowerCase()}`
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const control = /[\u0000-\u001f\u007f]/

/** As UTF-8, which the API server reads, in the one character per byte that headers are made of. */
function headerValue(value: string, field: keyof Impersonation): string {
  if (typeof value !== 'string' || control.test(value)) {
    throw new ConfigError(`\`impersonate.${field}\` holds control characters, or is no text: no header can carry it`)
  }
  return String.fromCharCode(...new TextEncoder().encode(value))
}
