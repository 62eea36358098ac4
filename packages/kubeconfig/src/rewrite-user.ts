import { realpath } from 'node:fs/promises'
import { type AuthInfo, ConfigError } from '@kubeclient/core/spec'
import { authInfoOf } from './auth-info.ts'
import { editEntry } from './edit-entry.ts'
import type { UserUpdate } from './host.ts'
import { withLocks } from './lock-files.ts'
import { parseText } from './parse-text.ts'
import { type Path, type Place, quote } from './place.ts'
import { readKubeconfigFile } from './read-files.ts'
import { replaceFile } from './replace-file.ts'
import { validate } from './validate.ts'

/**
 * Reads a user's entry again, hands it to `update`, and writes what that returns, all under the lock that kubectl takes too.
 * What `update` leaves alone stays as it is in the file, comments and unknown fields included.
 *
 * @throws {@link ConfigError}, and what `update` throws; the file is then as it was
 */
export async function rewriteUser(file: string, userName: string, update: UserUpdate): Promise<void> {
  // kubectl names its lock after the path it was given; another link to the same file would have another lock.
  const target = await realpath(file).catch(() => file) // reading it will say what is wrong
  await withLocks([file, target], async () => {
    const text = (await readKubeconfigFile(file, true)) ?? ''
    const { current, place } = entryIn(text, file, userName)
    const updated = await update(current)
    if (updated !== undefined) await replaceFile(target, editEntry(text, place, current, updated))
  })
}

function entryIn(text: string, file: string, userName: string): { current: AuthInfo; place: Place & { path: Path } } {
  const { data, source } = parseText(text, { file })
  const user = validate(data, source).users.get(userName)
  if (user !== undefined) return { current: authInfoOf(user), place: user.place }
  throw new ConfigError(`the kubeconfig ${file} has no user ${quote(userName)} any more; load it again`, { file })
}
