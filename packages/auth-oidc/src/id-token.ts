/** A token with less than this left is not used, in milliseconds. As kubectl does it. */
const leewayMs = 10_000

/** Milliseconds since the epoch; 0 when the token does not say. `undefined`: it is no JSON web token. */
export function expiryOf(idToken: string): number | undefined {
  const [, payload] = /^[\w-]+=*\.([\w-]+)=*\.[\w-]*=*$/.exec(idToken) ?? []
  if (payload === undefined) return undefined
  const claims = claimsOf(payload)
  if (claims === undefined) return undefined
  const { exp } = claims
  // Within what a date can be.
  return typeof exp === 'number' ? Math.max(0, Math.min(exp * 1000, 8.64e15)) : 0
}

/** Whether a token can be sent now. Nothing in it is believed: it is the API server that verifies it. */
export function isUsable(idToken: string, now: number): boolean {
  const expiry = expiryOf(idToken)
  return expiry !== undefined && now + leewayMs < expiry
}

function claimsOf(payload: string): { readonly exp?: unknown } | undefined {
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    return typeof claims === 'object' && claims !== null ? { ...claims } : undefined
  } catch {
    return undefined // the parser quotes the text
  }
}
