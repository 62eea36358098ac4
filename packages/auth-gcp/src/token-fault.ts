/** Why a header could not carry a token, in words that do not hold it; `undefined`: it can. */
export function tokenFault(token: unknown): string | undefined {
  if (token === undefined || token === null || token === '') return 'no access token'
  if (typeof token !== 'string') return 'an access token that is no text'
  if (token.length > 65_536) return 'an access token of more than 64 kB'
  return /^[\x21-\x7E]+$/.test(token) ? undefined : 'an access token with a blank, a line break or the like in it'
}
