/**
 * What AWS's keys look like wherever they turn up: ids of access keys, runs of base64 as long as a secret key or longer,
 * tokens of EKS, JSON web tokens.
 */
const wellKnown =
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}|k8s-aws-v1\.[\w-]+|\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}|[A-Za-z0-9+/]{40,}={0,2}/g

/** Text without the values given, longest first, and without what looks like a credential. */
export function maskSecrets(text: string, values: readonly (string | undefined)[]): string {
  // Shorter values are words like `1` and `en`.
  const secrets = values.filter((value) => value !== undefined).filter((value) => value.length > 3)
  let safe = text
  for (const value of secrets.toSorted((a, b) => b.length - a.length)) {
    safe = safe.replaceAll(value, '***').replaceAll(encodeURIComponent(value.toWellFormed()), '***')
  }
  return safe.replaceAll(wellKnown, '***')
}
