/** `v1` for the core group, `apps/v1` for others. */
export function groupVersion(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}

export function splitGroupVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/')
  return { group: apiVersion.slice(0, Math.max(0, slash)), version: apiVersion.slice(slash + 1) }
}
