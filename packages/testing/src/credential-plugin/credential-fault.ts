import type { Credentials } from '@kubeclient/core/spec'

/** Why a client would refuse them; never quotes a value. */
export function credentialFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it gave no object'
  const { token, basic, clientCertificate: pair }: Partial<Record<keyof Credentials, unknown>> = value
  if (token === undefined && basic === undefined && pair === undefined)
    return 'it gave neither `token`, `basic` nor `clientCertificate`; reject with a CredentialError instead'
  if (token !== undefined && basic !== undefined) return 'it gave both `token` and `basic`; give one'
  if (token !== undefined && !(typeof token === 'string' && /^[\u0021-\u007e]+$/.test(token)))
    return 'it gave a `token` that is empty or has blanks, line breaks or other characters that no header can carry; check it'
  if (basic !== undefined && !isPair(basic, 'username', 'password')) return 'it gave `basic` without two strings'
  if (pair !== undefined && !isPem(pair)) return 'it gave a `clientCertificate` that is no PEM pair'
  return undefined
}

const century = 100 * 365.25 * 24 * 3600 * 1000

/** Of an instant that should lie ahead. */
export function expiryFault(expiresAt: unknown, now: number): string | undefined {
  if (expiresAt === undefined) return undefined
  if (!(expiresAt instanceof Date)) return '`expiresAt` is no Date'
  const time = expiresAt.getTime()
  if (Number.isNaN(time)) return '`expiresAt` is an invalid Date; check what it is made of'
  if (time <= now) return '`expiresAt` has passed before the credentials arrived; Date takes milliseconds, not seconds'
  return time > now + century ? '`expiresAt` is more than a century ahead; Date takes milliseconds' : undefined
}

function isPem(value: unknown): boolean {
  if (!isPair(value, 'cert', 'key')) return false
  return value['cert']?.includes('-----BEGIN ') === true && value['key']?.includes('-----BEGIN ') === true
}

function isPair(value: unknown, ...names: readonly string[]): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return names.every((name) => typeof fields.get(name) === 'string')
}
