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

/** Everything that a log could show of an error. */
export function everythingShown(error: Error): string {
  const inner = inspect(error, { depth: 10, showHidden: true })
  return `${error.message}\n${error.stack}\n${JSON.stringify(error)}\n${inner}\n${inspect(error.cause, { depth: 10 })}`
}
