/** What an answer may repeat: JSON web tokens, and the value of an Authorization header. */
const wellKnown = /\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}|(?<=\b(?:bearer|basic) )\S+/gi

/** Text without the values given, as they are and as a form or a URL has them, and without what looks like a token. */
export function maskSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  const values = secrets.filter((secret) => secret !== undefined).filter((secret) => secret.length > 3)
  const spellings = values.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed()), formEncoded(secret)])
  let safe = text
  for (const value of spellings.toSorted((a, b) => b.length - a.length)) safe = safe.replaceAll(value, '***')
  return safe.replaceAll(wellKnown, '***')
}

function formEncoded(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1)
}
