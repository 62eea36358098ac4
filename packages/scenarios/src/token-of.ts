import type { ClientConfig } from '@kubeclient/core'

/** The bearer token of a configuration that has one. */
export function tokenOf({ credentials }: ClientConfig): string {
  if (typeof credentials === 'object' && 'token' in credentials && credentials.token !== undefined) {
    return credentials.token
  }
  throw new Error('the configuration has no token')
}
