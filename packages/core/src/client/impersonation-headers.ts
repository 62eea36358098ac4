import type { Impersonation } from '../spec/client-config.ts'
import type { RequestHeaders } from '../spec/request.ts'

/**
 * One line for each group and each value of an extra, whose keys are percent-encoded since a header name cannot hold them.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function impersonationHeaders(impersonation: Impersonation | undefined): RequestHeaders {
  if (impersonation === undefined) return {}
  const { user, uid, groups, extra } = impersonation
  return {
    'impersonate-user': user,
    ...(uid !== undefined && { 'impersonate-uid': uid }),
    ...(groups !== undefined && groups.length > 0 && { 'impersonate-group': groups }),
    ...Object.fromEntries(Object.entries(extra ?? {}).map(([key, values]) => [extraHeader(key), values])),
  }
}

/** Percent-encoded, parentheses too: `encodeURIComponent` leaves them, and a header name cannot hold them. */
function extraHeader(key: string): string {
  const encoded = encodeURIComponent(key).replaceAll('(', '%28').replaceAll(')', '%29')
  return `impersonate-extra-${encoded.toLowerCase()}`
}
