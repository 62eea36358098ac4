/** What Google's credentials look like: access and refresh tokens, secrets of clients, JSON web tokens, private keys, headers. */
const wellKnown =
  /\bya29\.[\w.-]+|\b1\/\/[\w-]{8,}|\bGOCSPX-[\w-]+|\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}|-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*PRIVATE KEY-----|$)|(?<=\b(?:bearer|basic) )\S+/gi

/** Of a variable or a header with what must not be quoted. */
export const secretName: RegExp = /token|secret|passw|key|credential|auth/i

/** Values that are looked for, one by one. Of a text that may hold more of them, nothing is quoted. */
const maxSecrets = 1000

/** Text without the values given, as they are and as a URL or a form has them, and without what looks like a credential. */
export function maskSecrets(text: string, values: readonly (string | undefined)[]): string {
  // Shorter values are words like `1` and `en`.
  const secrets = new Set(values.filter((value) => value !== undefined).filter((value) => value.length > 3))
  if (secrets.size > maxSecrets) return '***'
  const spellings = [...new Set([...secrets].flatMap(spellingsOf))].toSorted((a, b) => b.length - a.length)
  return spellings.reduce((safe, spelling) => safe.replaceAll(spelling, '***'), text).replaceAll(wellKnown, '***')
}

/** Only the first has half of a character, which is nowhere sent as it is. */
function spellingsOf(value: string): readonly string[] {
  const sent = value.toWellFormed()
  return [value, sent, encodeURIComponent(sent), new URLSearchParams([['', sent]]).toString().slice(1)]
}
