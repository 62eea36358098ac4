import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '@kubeclient/core/spec'
import { findCommand, isName } from './find-command.ts'
import { quote } from './quote.ts'

export type AllowList = 'any' | readonly string[]

/** A copy. @throws {@link ConfigError} */
export function checkAllow(allow: unknown = []): AllowList {
  if (allow === 'any') return allow
  if (!Array.isArray(allow)) throw new ConfigError(`gcpAuth: "allow" is a list of commands, or 'any'`)
  return allow.map((entry: unknown) => {
    if (typeof entry !== 'string' || entry === '') throw new ConfigError('gcpAuth: an entry of "allow" is no name')
    if (isName(entry) || path.isAbsolute(entry)) return entry
    throw new ConfigError(
      `gcpAuth: "allow" holds ${quote(entry)}; an entry is a name without folders, or an absolute path`,
    )
  })
}

/** Whether a file is one that an entry means: a name stands for the file that PATH finds for it. */
export async function isAllowed(file: string, allow: AllowList): Promise<boolean> {
  if (allow === 'any') return true
  const identity = await identityOf(file)
  for (const entry of allow) {
    const allowed = await findCommand(entry, path.parse(file).root)
    if (allowed !== undefined && (await identityOf(allowed)) === identity) return true
  }
  return false
}

/** Links count in folders only: a link to a file is a command of its own. */
async function identityOf(file: string): Promise<string> {
  return path.join(await realpath(path.dirname(file)), path.basename(file))
}
