import { inspect } from 'node:util'
import { expect } from 'vitest'

/** Everything that a program could log of an error, searched for what nobody may see. */
export function expectNoSecret(errors: Error | readonly Error[], secrets: readonly string[]): void {
  const logged = [errors]
    .flat()
    .flatMap((error) => [
      String(error),
      error.stack,
      JSON.stringify(error),
      inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: Number.POSITIVE_INFINITY }),
    ])
  for (const secret of secrets) {
    if (secret === '') throw new Error('an empty secret is in every text')
    expect(logged.join('\n')).not.toContain(secret)
  }
}
