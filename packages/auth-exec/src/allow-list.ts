import { realpath } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { ConfigError } from '@kubeclient/core/spec'
import { findCommand, hasSeparator, pathApi } from './find-command.ts'
import type { Host } from './host.ts'
import { quote } from './quote.ts'

export type AllowList = 'any' | readonly string[]

/** A copy. @throws {@link ConfigError} */
export function checkAllow(allow: unknown): AllowList {
  if (allow === 'any') return allow
  const remedy = "pass execAuth({ allow: ['aws'] }) with the commands that a kubeconfig may run, or allow: 'any'"
  if (!Array.isArray(allow) || allow.length === 0)
    throw new ConfigError(`auth-exec: nothing is allowed to run; ${remedy}`)
  return allow.map((entry: unknown) => {
    if (typeof entry !== 'string' || entry === '')
      throw new ConfigError(`auth-exec: an entry of "allow" is empty; ${remedy}`)
    if (hasSeparator(entry, process.platform) && !isAbsolute(entry))
      throw new ConfigError(
        `auth-exec: "allow" holds ${quote(entry)}; an entry is a name without folders, or an absolute path`,
      )
    return entry
  })
}

/**
 * Whether the file of a command is one that an entry means. Without a file, whether an entry is the same name or path: an
 * install hint is not for commands that may not run anyway.
 */
export async function isAllowed(
  meant: string,
  path: string | undefined,
  allow: AllowList,
  host: Pick<Host, 'platform' | 'env'>,
): Promise<boolean> {
  if (allow === 'any') return true
  if (path === undefined) return allow.includes(meant)
  const identity = await identityOf(path, host)
  for (const entry of allow) {
    // An absolute entry is found from anywhere; a name never looks at the folder.
    const { path: allowed } = await findCommand(entry, pathApi(host).parse(path).root, host)
    if (allowed !== undefined && (await identityOf(allowed, host)) === identity) return true
  }
  return false
}

/**
 * Links count in folders only. A link to a file is a command of its own: `ls` and `sh` may both be links to `busybox`, and who
 * allows the one does not mean the other.
 */
async function identityOf(file: string, host: Pick<Host, 'platform'>): Promise<string> {
  const path = pathApi(host)
  const identity = path.join(await realpath(path.dirname(file)), path.basename(file))
  return host.platform === 'win32' ? identity.toLowerCase() : identity
}
