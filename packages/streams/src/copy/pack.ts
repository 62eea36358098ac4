import { createReadStream, type Stats } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidRequestError } from '@kubeclient/core/spec'
import type { TarPackController } from 'modern-tar'
import type { CopyProgress, CopyResult, SkippedEntry } from './copy-options.ts'

export interface PackOptions {
  readonly from: string
  /** What it is called in the archive. */
  readonly name: string
  readonly onProgress: ((progress: CopyProgress) => void) | undefined
}

/** A file, folder or whatever it is, on this machine. */
interface LocalEntry {
  /** Below `from`; empty for that itself. */
  readonly path: string
  readonly stats: Stats
}

/** Puts a file, or a folder with all that is in it, into an archive, and ends the archive. */
export async function pack(controller: TarPackController, options: PackOptions): Promise<CopyResult> {
  const { from, name, onProgress } = options
  const skipped: SkippedEntry[] = []
  let [files, bytes] = [0, 0]
  for await (const { path, stats } of walk(from, '')) {
    const [local, archived] = [join(from, path), path === '' ? name : `${name}/${path}`]
    const common = { mode: stats.mode & 0o777, mtime: stats.mtime, uid: 0, gid: 0 }
    if (stats.isDirectory())
      await controller.add({ ...common, name: `${archived}/`, size: 0, type: 'directory' }).close()
    else if (stats.isSymbolicLink()) {
      const linkname = await readlink(local)
      await controller.add({ ...common, name: archived, size: 0, type: 'symlink', linkname }).close()
    } else if (stats.isFile()) {
      const body = controller.add({ ...common, name: archived, size: stats.size, type: 'file' })
      const before = bytes
      await packFile(local, stats.size, body, (count) => onProgress?.({ path, bytes: before + count }))
      bytes += stats.size
      files += 1
    } else if (path === '') throw new InvalidRequestError('`from` is neither a file nor a folder')
    else skipped.push({ path, kind: stats.isFIFO() ? 'fifo' : stats.isSocket() ? 'socket' : 'device' })
  }
  controller.finalize()
  return { files, bytes, skipped }
}

async function* walk(from: string, path: string): AsyncGenerator<LocalEntry, void> {
  const stats = await lstat(join(from, path))
  yield { path, stats }
  if (!stats.isDirectory()) return
  const names = await readdir(join(from, path))
  for (const name of names.toSorted()) yield* walk(from, path === '' ? name : `${path}/${name}`)
}

/** Exactly as many bytes as the archive was told, also of a file that grows. */
async function packFile(
  path: string,
  size: number,
  body: WritableStream<Uint8Array>,
  onBytes: (count: number) => void,
): Promise<void> {
  const writer = body.getWriter()
  let count = 0
  if (size > 0) {
    for await (const chunk of createReadStream(path, { end: size - 1 })) {
      await writer.write(chunk as Uint8Array) // no encoding is set
      count += (chunk as Uint8Array).length
      onBytes(count)
    }
  }
  if (count < size) throw new Error(`${path} became shorter while it was copied`)
  await writer.close()
}
