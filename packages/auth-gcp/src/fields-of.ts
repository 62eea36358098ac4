/** Whatever it is, by name, each value to be looked at. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {}
  return value as Readonly<Record<string, unknown>> // true of every object
}
