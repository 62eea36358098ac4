/** Somebody else's words in a message: cut to length, and unable to steer a terminal or to forge a line of a log. */
export function quote(text: string, limit = 512): string {
  const short = text.length > limit ? `${text.slice(0, limit)}…` : text
  return JSON.stringify(short).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}
