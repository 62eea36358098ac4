import type { Client } from '@kubeclient/core'
import { InvalidRequestError, ProtocolError } from '@kubeclient/core/spec'
import { createTarPacker } from 'modern-tar'
import { exec } from '../exec/exec.ts'
import type { PodTarget } from '../pod-target.ts'
import type { CopyOptions, CopyResult } from './copy-options.ts'
import { pack } from './pack.ts'
import { containerPath, explainedTarError, extractCommand } from './tar-command.ts'

/**
 * Copies a file or a folder into a container, below a folder that is there. Needs `tar` in the container, and Kubernetes 1.30. Resolves when `tar` has
 * written the whole archive.
 *
 * Symbolic links are copied as they are; what is no file, folder or link is skipped, and the result names it. Rejects with an {@link ApiError} for
 * what the server refuses and what `tar` complains about, a {@link TransportError} for a lost connection, a {@link ProtocolError} for a `tar`
 * that says that all is well before it has read all, the error of the file system for what cannot be read, and the reason of `signal`.
 *
 * @throws {@link InvalidRequestError} for paths that cannot work
 */
export async function copyTo(client: Client, pod: PodTarget, options: CopyOptions): Promise<CopyResult> {
  const { from, to, namespace, container, signal, onProgress } = options
  const { folder, name } = containerPath(to)
  if (from === '') throw new InvalidRequestError('`from` is empty: say what to copy')
  const { readable, controller } = createTarPacker()
  const packed = pack(controller, { from, name, onProgress })
  packed.catch((error: unknown) => controller.error(error))
  let isTaken = false
  const stdin = withLast(readable, () => (isTaken = true))
  try {
    const command = extractCommand(folder)
    await exec(client, pod, { command, stdin, stdout: false, namespace, container, signal, check: true })
    if (!isTaken) throw new ProtocolError("the container's tar ended well, but had not read the whole archive")
    return await packed
  } catch (error) {
    controller.error(error) // what still packs has nobody to pack for
    await packed.catch(() => undefined) // no file stays open
    throw explainedTarError(error)
  }
}

/** The same chunks; calls back before it gives the last one, which is the end of the archive. */
async function* withLast(
  chunks: AsyncIterable<Uint8Array>,
  onLast: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Uint8Array | undefined
  for await (const chunk of chunks) {
    if (held !== undefined) yield held
    held = chunk
  }
  onLast()
  if (held !== undefined) yield held
}
