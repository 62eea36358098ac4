import { isDeepStrictEqual } from 'node:util'
import type { Credentials } from '@kubeclient/core/spec'

/** The first field that is expected and is not so. */
export function differingField(expected: Partial<Credentials> = {}, given: Credentials): keyof Credentials | undefined {
  const fields = ['token', 'basic', 'clientCertificate', 'expiresAt'] as const
  return fields.find((field) => field in expected && !isDeepStrictEqual(given[field], expected[field]))
}
