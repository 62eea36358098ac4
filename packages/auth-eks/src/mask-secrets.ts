/**
 * What AWS's keys look like wherever they turn up: ids of access keys, runs of base64 as long as a secret key or longer,
 * tokens of EKS, JSON web tokens.
 */
const wellKnown =
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}|k8s-aws-v1\.[\w-]+|\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}|[A-Za-z0-9+/]{40,}={0,2}/g

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
