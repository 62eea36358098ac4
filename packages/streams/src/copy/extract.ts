import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { InvalidRequestError, ProtocolError } from '@kubeclient/core/spec'
import type { ParsedTarEntry } from 'modern-tar'
import type { CopyProgress, CopyResult, SkippedEntry } from './copy-options.ts'

export interface ExtractOptions {
  /** The name of the entry that becomes `to`; `.` if the entries are below it. */
  readonly root: string
  readonly to: string
  readonly onProgress: ((progress: CopyProgress) => void) | undefined
}

/** Never through a link that lies where a file should be. Windows has none of these flags. */
const writeNew = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0)

/** Writes the files and folders of an archive, and nothing outside `to`. */
export async function extract(
  entries: ReadableStream<ParsedTarEntry>,
  { root, to, onProgress }: ExtractOptions,
): Promise<CopyResult> {
  const skipped: SkippedEntry[] = []
  let [files, bytes] = [0, 0]
  await mkdir(dirname(to), { recursive: true })
  for await (const { header, body } of understood(entries)) {
    const path = pathBelow(header.name, root)
    const { type = 'file', mode = 0o644, size } = header
    if (type === 'directory') await makeFolder(to, path)
    else if (type === 'file') {
      const before = bytes
      if (path !== '') await makeFolder(to, posix.dirname(path))
      await writeFile(join(to, path), body, {
        mode,
        size,
        onBytes: (count) => onProgress?.({ path, bytes: (bytes = before + count) }),
      })
      bytes = before + size
      files += 1
    } else if (path === '') throw new InvalidRequestError(`\`from\` is a ${type}: name what it leads to`)
    else skipped.push({ path, kind: type })
    if (type !== 'file') await body.cancel()
  }
  return { files, bytes, skipped }
}

/** What the reader of archives has to say is that this is none. */
async function* understood<T>(parts: ReadableStream<T>): AsyncGenerator<T, void> {
  try {
    yield* parts
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new ProtocolError(`what the container sent is no whole archive: ${words}`, { cause: error })
  }
}

/** Makes a folder below `to`, part by part: `to` may be a link, but none below it is followed out of it. */
async function makeFolder(to: string, path: string): Promise<void> {
  await mkdir(to, { recursive: true })
  let folder = to
  for (const part of path.split('/').filter((each) => each !== '' && each !== '.')) {
    folder = join(folder, part)
    const made = await mkdir(folder).catch((error: unknown) => error)
    if (made !== undefined && !(await isFolder(folder))) throw made
  }
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}

/** @throws {@link ProtocolError} for a name that is not below the root */
function pathBelow(name: string, root: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  const isInside = !name.startsWith('/') && !/[\\\0]/.test(name) && !parts.includes('..')
  if (isInside && root === '.') return parts.join('/')
  if (isInside && parts[0] === root) return parts.slice(1).join('/')
  throw new ProtocolError(
    `the container's archive holds ${JSON.stringify(name.slice(0, 200))}, which is not below what was asked for`,
  )
}

interface WriteOptions {
  readonly mode: number
  readonly size: number
  readonly onBytes: (count: number) => void
}

/** A file is whole, or is not left behind. */
async function writeFile(path: string, body: ReadableStream<Uint8Array>, options: WriteOptions): Promise<void> {
  const file = await open(path, writeNew, options.mode & 0o777)
  try {
    await writeAll(file, body, options)
  } catch (error) {
    await file.close()
    await rm(path, { force: true })
    throw error
  }
  await file.close()
}

async function writeAll(file: FileHandle, body: ReadableStream<Uint8Array>, options: WriteOptions): Promise<void> {
  let count = 0
  for await (const chunk of understood(body)) {
    await file.writeFile(chunk)
    count += chunk.length
    options.onBytes(count)
  }
  if (count !== options.size)
    throw new ProtocolError(`the container's archive ended after ${count} of ${options.size} bytes of a file`)
}
