/**
 * A string as TypeScript source, whatever is in it. What does not show, or shows what follows it in another order, is escaped,
 * and so are halves of characters, which a file could not hold.
 */
export function literal(text: string): string {
  const escaped = text.replaceAll(/[\\'\p{Zl}\p{Zp}\p{Cc}\p{Cf}\p{Cs}]/gu, escapeCharacter)
  return `'${escaped}'`
}

function escapeCharacter(character: string): string {
  if (character === '\\' || character === "'") return `\\${character}`
  return `\\u{${character.codePointAt(0)?.toString(16)}}`
}

/** A property's name as TypeScript source: bare where it can be. `__proto__` is quoted, as it has a meaning of its own. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : literal(name)
}

/** A name as a type is called: `cert-manager` is `CertManager`. Empty when nothing of it can be used. */
export function typeName(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return words.join('').replace(/^\d+/, '')
}
