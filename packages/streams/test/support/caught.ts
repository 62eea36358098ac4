import { AssertionError } from 'node:assert'
import { inspect } from 'node:util'
import { type AnyKubeError, isKubeError, type KubeErrorCode } from '@kubeclient/core'

/** What a promise was rejected with, or a function threw, whatever it is. */
export async function caught(work: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return error
  }
  throw new AssertionError({ message: 'it did not fail' })
}

/** The error of one code that a promise was rejected with, or a function threw. */
export async function kubeError<Code extends KubeErrorCode>(
  code: Code,
  work: Promise<unknown> | (() => unknown),
): Promise<Extract<AnyKubeError, { code: Code }>> {
  const error = await caught(work)
  if (isKubeError(error, code)) return error
  throw new AssertionError({ message: `a ${code} was expected: ${inspect(error)}` })
}
