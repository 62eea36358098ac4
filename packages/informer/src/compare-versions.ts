const version = /^[1-9][0-9]*$/

/**
 * Below zero: `a` is older than `b`; `undefined`: they are not of the form that has an order, so only equality counts.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0
  if (!version.test(a) || !version.test(b)) return undefined
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : 1
}
