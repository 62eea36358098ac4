import type { Credentials } from '@kubeclient/core/spec'
import type { LegacyCommand } from './parse-legacy-entry.ts'
import { parseTime } from './parse-time.ts'
import { SignInFailure } from './sign-in-failure.ts'
import { tokenFault } from './token-fault.ts'

/**
 * Token and expiry in what a command printed.
 *
 * @throws {@link SignInFailure} that goes on where `the command "x"` ended, and quotes nothing of it
 */
export function readOutput(stdout: string, { tokenPath, expiryPath }: LegacyCommand): Credentials {
  const output = parseJson(stdout)
  const token = valueAt(output, tokenPath)
  const fault = tokenFault(token)
  if (fault !== undefined) throw new SignInFailure(`printed ${fault} at "token-key" (${tokenPath.join('.')})`)
  const expiry = expiryPath === undefined ? undefined : valueAt(output, expiryPath)
  if (expiry === undefined || expiry === null || expiry === '') return { token: String(token) }
  const expiresAt = typeof expiry === 'string' ? parseTime(expiry) : undefined
  if (expiresAt !== undefined) return { token: String(token), expiresAt }
  throw new SignInFailure(
    `printed what is no time at "expiry-key" (${expiryPath?.join('.')}); one is "2026-11-28T12:00:00Z"`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not passed on: the parser quotes the text.
    throw new SignInFailure('printed what is no JSON; does "cmd-args" have --format=json?')
  }
}

/** Own fields only: `__proto__` and `constructor` are names like others. */
function valueAt(output: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null) return undefined
    return Object.getOwnPropertyDescriptor(value, name)?.value
  }, output)
}
