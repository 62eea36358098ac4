import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { ConfigError } from '@kubeclient/core/spec'

/**
 * Writes a file beside it and renames that over it: whoever reads sees the old or the new text, and a full disk loses nothing.
 * Mode and owner stay.
 *
 * @param file - no symbolic link, which would be replaced
 * @throws {@link ConfigError}
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await takeAfter(file, handle)
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new ConfigError(`cannot write the kubeconfig ${file}: ${code}; it is unchanged`, { file })
  }
}

async function takeAfter(file: string, handle: FileHandle): Promise<void> {
  const [old, own] = await Promise.all([stat(file), handle.stat()])
  if (old.uid !== own.uid || old.gid !== own.gid) await handle.chown(old.uid, old.gid)
  await handle.chmod(old.mode & 0o7777)
}
