import type { AwsCredentials } from './aws-credentials.ts'

/**
 * Why nothing can be signed with these: the signer would take them, and the cluster would refuse the token without a reason.
 * In words that hold none of them; `undefined`: they can be used.
 */
export function credentialsFault(credentials: AwsCredentials, now: number): string | undefined {
  if (typeof credentials !== 'object' || credentials === null) return 'are no object with keys'
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials
  const required = partFault('accessKeyId', accessKeyId) ?? partFault('secretAccessKey', secretAccessKey)
  if (required !== undefined) return required
  const ofSession = sessionToken === undefined ? undefined : partFault('sessionToken', sessionToken)
  return ofSession ?? expirationFault(expiration, now)
}

function partFault(name: keyof AwsCredentials, value: unknown): string | undefined {
  if (value === undefined || value === '') return `have no "${name}"`
  if (typeof value !== 'string') return `have a "${name}" that is no text`
  if (value.length > 16_384) return `have a "${name}" of more than 16 kB`
  return /^[\x21-\x7E]+$/.test(value) ? undefined : `have a "${name}" with a blank, a line break or the like in it`
}

function expirationFault(expiration: unknown, now: number): string | undefined {
  if (expiration === undefined) return undefined
  if (!(expiration instanceof Date) || Number.isNaN(expiration.getTime())) return 'have an "expiration" that is no Date'
  return expiration.getTime() > now ? undefined : `expired at ${expiration.toISOString()}; sign in to AWS again`
}
