import { inspect } from 'node:util'
import type { AuthInfo, Credentials } from '@kubeclient/core/spec'

/** Shorter values are words like `yes`, which any message may hold. */
const shortest = 6

const secretName = /secret|passw|token$/i

/** What of an entry no error may show. */
export function secretsOfEntry({ exec, 'auth-provider': provider, ...user }: AuthInfo): readonly string[] {
  const named = [
    ...(exec?.env ?? []).map(({ name, value }) => [name, value] as const),
    ...Object.entries(provider?.config ?? {}),
  ].map(([name, value]) => (secretName.test(name) ? value : undefined))
  return longOnes([user.token, user.password, user['client-key-data'], ...named])
}

export function secretsOfCredentials({ token, basic, clientCertificate }: Credentials): readonly string[] {
  return longOnes([token, basic?.password, clientCertificate?.key])
}

function longOnes(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string' && value.length >= shortest) as string[] // all are strings
}

/** Where a log could show one of the secrets; `undefined`: nowhere. */
export function whereShown(error: unknown, secrets: Iterable<string>): string | undefined {
  const shown = Object.entries({
    message: () => (error instanceof Error ? error.message : String(error)),
    stack: () => String(error instanceof Error ? error.stack : ''),
    'JSON.stringify': () => JSON.stringify(error) ?? '',
    cause: () => (error instanceof Error ? everything(error.cause) : ''),
    'util.inspect': () => everything(error),
  })
  const known = [...secrets]
  return shown.find(([, print]) => known.some((secret) => printed(print).includes(secret)))?.[0]
}

function everything(value: unknown): string {
  return inspect(value, { depth: 10, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity })
}

function printed(print: () => string): string {
  try {
    return print()
  } catch {
    return '' // what cannot be printed shows nothing
  }
}
