import { open, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError } from '@kubeclient/core/spec'

/** Between two tries; milliseconds. */
const pauseMs = 25

/**
 * Runs `action` while the locks of these files are ours, each `FILE.lock`, as kubectl takes them. A lock that was left behind
 * is not broken: whether its owner lives cannot be known.
 *
 * @param waitMs - how long another program may hold a lock before we give up
 * @throws {@link ConfigError} that names the lock
 */
export async function withLocks<T>(files: readonly string[], action: () => Promise<T>, waitMs = 10_000): Promise<T> {
  // In one order for all, so that two programs do not wait for each other.
  const locks = [...new Set(files)].toSorted().map((file) => `${file}.lock`)
  const held: string[] = []
  try {
    for (const lock of locks) {
      await take(lock, waitMs)
      held.push(lock)
    }
    return await action()
  } finally {
    await Promise.all(held.map((lock) => rm(lock, { force: true })))
  }
}

async function take(lock: string, waitMs: number): Promise<void> {
  for (let waited = 0; !(await create(lock)); waited += pauseMs) {
    if (waited >= waitMs) throw await tooLong(lock)
    await sleep(pauseMs)
  }
}

/** `false`: it is there already. */
async function create(lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx', 0o600)
    await handle.close()
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown error'
    if (code === 'EEXIST') return false
    throw new ConfigError(`cannot lock the kubeconfig: the file ${lock} cannot be created (${String(code)})`, {
      file: lock,
    })
  }
}

async function tooLong(lock: string): Promise<ConfigError> {
  const since = await stat(lock).then(
    ({ mtime }) => ` since ${mtime.toISOString()}`,
    () => '',
  )
  const remedy = 'if no kubectl or other program is at work, delete that file'
  return new ConfigError(`cannot lock the kubeconfig: ${lock} is there${since}; ${remedy}`, { file: lock })
}
