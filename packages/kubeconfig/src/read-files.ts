import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { ConfigError } from '@kubeclient/core/spec'

// Ours; kubectl has no limits. Bytes.
const maxKubeconfig = 10 * 1024 * 1024
const maxReferenced = 1024 * 1024

/** The text of a kubeconfig; `undefined` when it is absent and need not be there. @throws {@link ConfigError} */
export async function readKubeconfigFile(file: string, required: boolean): Promise<string | undefined> {
  let bytes: Uint8Array
  try {
    // The caller chose this file: a pipe will do, as of `<(command)` in a shell.
    bytes = await readFrom(file, constants.O_RDONLY, (handle) => readBounded(handle, maxKubeconfig))
  } catch (error) {
    if (!required && codeOf(error) === 'ENOENT') return undefined
    const tilde = /(?:^|[/\\])~[/\\]/.test(file) ? '; "~" is expanded by shells only: use os.homedir()' : ''
    throw new ConfigError(`cannot read the kubeconfig ${file}: ${wordsFor(error)}${tilde}`, { file })
  }
  const encoding = encodingOf(bytes)
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    const what = encoding === 'utf-8' ? 'UTF-8 text' : 'text in UTF-16, as its first bytes say'
    throw new ConfigError(`the kubeconfig ${file} is not ${what}`, { file })
  }
}

/** UTF-16 with a byte order mark is what `>` of Windows PowerShell writes, and kubectl reads. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/**
 * A file that a kubeconfig names. Only a regular one: its author must not make us wait for a pipe or read a device.
 *
 * @throws an Error whose message can follow "cannot read X:"
 */
export async function readReferencedFile(file: string): Promise<Uint8Array> {
  try {
    // Without O_NONBLOCK, which Windows lacks, opening a pipe that nobody writes to holds a thread for ever.
    return await readFrom(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0), async (handle) => {
      if ((await handle.stat()).isFile()) return readBounded(handle, maxReferenced)
      throw new Error('it is not a regular file')
    })
  } catch (error) {
    throw new Error(wordsFor(error), { cause: error })
  }
}

/** The same; `undefined` when there is none. */
export async function readIfPresent(file: string): Promise<Uint8Array | undefined> {
  return readReferencedFile(file).catch((error: unknown) => {
    if (error instanceof Error && codeOf(error.cause) === 'ENOENT') return undefined
    throw error
  })
}

async function readFrom<T>(file: string, flags: number, read: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, flags)
  try {
    return await read(handle)
  } finally {
    await handle.close()
  }
}

/** Believes no `stat`: a file may grow, and a device has no size. */
async function readBounded(handle: FileHandle, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  while (length <= limit) {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(65_536), 0, 65_536, null)
    if (bytesRead === 0) return Buffer.concat(chunks)
    chunks.push(buffer.subarray(0, bytesRead))
    length += bytesRead
  }
  throw new Error(`it is larger than ${limit / 1024 / 1024} MiB`)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function wordsFor(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'EISDIR':
      return 'it is a directory'
    default:
      return error instanceof Error ? error.message : 'unknown error'
  }
}
