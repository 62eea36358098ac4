import type { Credentials } from '../spec/credentials.ts'

/**
 * What is wrong with credentials, in words; `undefined` when nothing is. Shared by the configuration, where it is a
 * ConfigError, and by what a provider returned, where it is a CredentialError. Never quotes a value.
 */
export function credentialFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'they are no object'
  const { token, basic, clientCertificate, expiresAt }: Partial<Record<keyof Credentials, unknown>> = value
  if (token === undefined && basic === undefined && clientCertificate === undefined) {
    return 'they hold neither a token, nor basic auth, nor a client certificate'
  }
  if (token !== undefined && basic !== undefined) return 'they hold both a token and basic auth'
  return (
    (token === undefined ? undefined : tokenFault(token)) ??
    (basic === undefined ? undefined : basicFault(basic)) ??
    pairFault(clientCertificate) ??
    (expiresAt === undefined || isDate(expiresAt) ? undefined : 'their `expiresAt` is no valid Date')
  )
}

// Visible ASCII: anything else cannot be sent in a header, or would begin another one.
const headerSafe = /^[\u0021-\u007e]+$/

function tokenFault(token: unknown): string | undefined {
  if (typeof token !== 'string' || token === '') return 'their token is empty'
  return headerSafe.test(token)
    ? undefined
    : 'their token holds spaces, line breaks or other characters that no token has'
}

function basicFault(basic: unknown): string | undefined {
  if (typeof basic !== 'object' || basic === null) return 'their basic auth is no object'
  const { username, password }: { username?: unknown; password?: unknown } = basic
  if (typeof username !== 'string' || typeof password !== 'string')
    return 'their basic auth lacks a username or password'
  return username.includes(':') ? 'their username holds a colon, which basic auth cannot carry (RFC 7617)' : undefined
}

function pairFault(pair: unknown): string | undefined {
  const fault = pair === undefined ? undefined : certificateFault(pair)
  return fault === undefined ? undefined : `their client certificate cannot be used: ${fault}`
}

/** What is wrong with a client certificate: without one of its halves it would be left out, and its user be anonymous. */
export function certificateFault(pair: unknown): string | undefined {
  if (typeof pair !== 'object' || pair === null) return 'it is no object'
  const { cert, key }: { cert?: unknown; key?: unknown } = pair
  if (typeof cert !== 'string' || cert === '') return 'it has no `cert`'
  return typeof key === 'string' && key !== '' ? undefined : 'it has no `key`'
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime())
}
