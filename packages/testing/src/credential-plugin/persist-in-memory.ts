import type { AuthInfo, AuthInfoContext } from '@kubeclient/core/spec'

type Update = Parameters<NonNullable<AuthInfoContext['persist']>>[0]

/** As that of a kubeconfig that is a file: one update after the other, each on what the one before it left. */
export function persistInMemory(authInfo: AuthInfo): NonNullable<AuthInfoContext['persist']> {
  let current = authInfo
  let last: Promise<void> = Promise.resolve()
  const replace = async (before: Promise<void>, update: Update): Promise<void> => {
    await before
    current = (await update(structuredClone(current))) ?? current
  }
  return (update) => {
    const next = replace(last, update)
    last = next.catch(() => undefined) // told to the one who asked
    return next
  }
}
