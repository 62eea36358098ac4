const rfc3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

/** A time as Go reads it: RFC 3339 with an upper-case T and Z, and with a day that exists. */
export function parseTimestamp(text: string): Date | undefined {
  const [, day, time, fraction = '', zone = ''] = rfc3339.exec(text) ?? []
  if (day === undefined || time === undefined) return undefined
  // `Date` takes the 31st of February for a day in March.
  const local = new Date(`${day}T${time}Z`)
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(`${day}T${time}`)) return undefined
  const date = new Date(`${day}T${time}${fraction.slice(0, 4)}${zone}`)
  return Number.isNaN(date.getTime()) ? undefined : date
}
