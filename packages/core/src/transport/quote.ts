export interface QuoteOptions {
  /** Values that are masked. @defaultValue none */
  readonly secrets?: readonly string[]
  /** Characters to keep. @defaultValue 256 */
  readonly limit?: number
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

/** Somebody else's words, made safe for a message: secrets masked, no line break that could forge a log line, cut to length. */
export function quote(text: string, { secrets = [], limit = 256 }: QuoteOptions = {}): string {
  let safe = mask(text, secrets)
  if (safe.length > limit) safe = `${safe.slice(0, limit)}…`
  return safe.replaceAll(control, escaped)
}

/** Without the values that may not be shown. The longest first: one may be a part of another. */
export function mask(text: string, secrets: readonly string[]): string {
  let safe = text
  for (const secret of secrets.toSorted((a, b) => b.length - a.length)) {
    if (secret !== '') safe = safe.replaceAll(secret, '***')
  }
  return safe
}

/** `JSON.stringify` leaves those above U+001F as they are. */
function escaped(character: string): string {
  const short = JSON.stringify(character).slice(1, -1)
  return short === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : short
}
