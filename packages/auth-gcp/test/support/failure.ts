import { inspect } from 'node:util'
import { type CredentialError, isKubeError } from '@kubeclient/core/spec'

/** The CredentialError of a call that has to fail with one. */
export async function failure(call: Promise<unknown>): Promise<CredentialError> {
  const outcome = await call.then(
    () => new Error('the call succeeded'),
    (error: unknown) => error,
  )
  if (isKubeError(outcome, 'KUBE_CREDENTIALS')) return outcome
  throw outcome
}

/** Everything that a log could show of an error, or of anything else. */
export function everythingShown(value: unknown): string {
  const { message, stack, cause }: Partial<Error> = value instanceof Error ? value : {}
  const inner = [value, cause].map((part) => inspect(part, { depth: 10, showHidden: true }))
  return [message, stack, JSON.stringify(value), ...inner].join('\n')
}
