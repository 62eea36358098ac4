const pattern = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})| (\d{2}:\d{2}:\d{2})(\.\d+)?)$/

/** A time as RFC 3339 has it, or with a blank and no zone, which then is UTC; of a day that exists. */
export function parseTime(text: string): Date | undefined {
  const [, day, time, fraction, zone, bareTime, bareFraction] = pattern.exec(text) ?? []
  const clock = `${day}T${time ?? bareTime}`
  // `Date` takes the 31st of February for a day in March.
  const utc = new Date(`${clock}Z`)
  if (Number.isNaN(utc.getTime()) || !utc.toISOString().startsWith(clock)) return undefined
  const date = new Date(`${clock}${(fraction ?? bareFraction ?? '').slice(0, 4)}${zone ?? 'Z'}`)
  return Number.isNaN(date.getTime()) ? undefined : date
}
