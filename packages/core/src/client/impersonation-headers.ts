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
  const { user, uid, groups = [], extra = {} } = impersonation
  return {
    'impersonate-user': nameValue(user, 'user'),
    ...(uid !== undefined && { 'impersonate-uid': nameValue(uid, 'uid') }),
    ...(list(groups, 'groups').length > 0 && {
      'impersonate-group': groups.map((group) => nameValue(group, 'groups')),
    }),
    ...extraHeaders(extra),
  }
}

function extraHeaders(extra: NonNullable<Impersonation['extra']>): RequestHeaders {
  const lines = new Map<string, readonly string[]>()
  for (const [key, values] of Object.entries(extra)) {
    const header = extraHeader(key)
    // The server reads keys in lower case.
    if (lines.has(header)) throw new ConfigError('`impersonate.extra` has two keys that differ in case only')
    lines.set(
      header,
      list(values, 'extra').map((value) => headerValue(value, 'extra')),
    )
  }
  return Object.fromEntries(lines)
}

function list(values: readonly string[], field: keyof Impersonation): readonly string[] {
  if (Array.isArray(values)) return values
  throw new ConfigError(`\`impersonate.${field}\` holds what is no list of texts`)
}

/** Percent-encoded, parentheses too: `encodeURIComponent` leaves them, and a header name cannot hold them. */
function extraHeader(key: string): string {
  if (key === '' || !key.isWellFormed()) throw new ConfigError('`impersonate.extra` has a key that is empty or no text')
  const encoded = encodeURIComponent(key).replaceAll('(', '%28').replaceAll(')', '%29')
  return `impersonate-extra-${encoded.toLowerCase()}`
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const control = /[\u0000-\u001f\u007f]/

/** The API server takes an empty user or uid for none given, and an empty group for one of that name. */
function nameValue(value: string, field: keyof Impersonation): string {
  if (value === '') throw new ConfigError(`\`impersonate.${field}\` is empty, or holds what is`)
  return headerValue(value, field)
}

/** As UTF-8, which the API server reads, in the one character per byte that headers are made of. */
function headerValue(value: string, field: keyof Impersonation): string {
  if (typeof value !== 'string' || !value.isWellFormed() || control.test(value)) {
    throw new ConfigError(`\`impersonate.${field}\` holds control characters, or is no text: no header can carry it`)
  }
  // Dropped on the way, so that the server would read another name.
  if (value.startsWith(' ') || value.endsWith(' ')) {
    throw new ConfigError(`\`impersonate.${field}\` begins or ends with a blank, which no header can carry`)
  }
  return String.fromCharCode(...new TextEncoder().encode(value))
}
