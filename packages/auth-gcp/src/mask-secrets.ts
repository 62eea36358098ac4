/** What Google's credentials look like: access and refresh tokens, secrets of clients, JSON web tokens, private keys, headers. */
const wellKnown =
  /\bya29\.[\w.-]+|\b1\/\/[\w-]{8,}|\bGOCSPX-[\w-]+|\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}|-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*PRIVATE KEY-----|$)|(?<=\b(?:bearer|basic) )\S+/gi

/** Text without the values given, longest first, and without what looks like a credential. */
export function maskSecrets(text: string, values: readonly (string | undefined)[]): string {
  // Shorter values are words like `1` and `en`.
  const secrets = values.filter((value) => value !== undefined).filter((value) => value.length > 3)
  let safe = text
  for (const value of secrets.toSorted((a, b) => b.length - a.length)) {
    safe = safe.replaceAll(value, '***').replaceAll(encodeURIComponent(value), '***')
  }
  return safe.replaceAll(wellKnown, '***')
}
