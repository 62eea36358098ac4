/**
 * The bytes of standard base64 with padding, as Go decodes it: line breaks do not count, nothing else is forgiven.
 * `undefined` when it is something else.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const compact = text.replaceAll(/[\r\n]/g, '')
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined
  return Uint8Array.from(atob(compact), (character) => character.charCodeAt(0))
}
