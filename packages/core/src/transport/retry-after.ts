import { firstLine } from './first-line.ts'

/** Seconds from now, of either form of the header. @see RFC 9110 section 10.2.3 */
export function retryAfterSeconds(header: string | readonly string[] | undefined, now: number): number | undefined {
  const value = firstLine(header)?.trim()
  if (value === undefined || value === '') return undefined
  if (/^\d+$/.test(value)) return Number(value)
  if (!/^[a-z]{3}/i.test(value)) return undefined // Date.parse takes "-5" and "1.5" for dates
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}
