import { type AnyKubeError, isKubeError, type KubeErrorCode } from '@kubeclient/core'

/** The error of a call that has to fail with this code. Any other outcome is thrown. */
export async function failure<const Code extends KubeErrorCode>(
  call: Promise<unknown>,
  code: Code,
): Promise<Extract<AnyKubeError, { code: Code }>> {
  const outcome = await call.then(
    (value) => new Error(`the call succeeded with ${JSON.stringify(value)}, and ${code} was expected`),
    (error: unknown) => error,
  )
  if (isKubeError(outcome, code)) return outcome
  throw outcome
}
