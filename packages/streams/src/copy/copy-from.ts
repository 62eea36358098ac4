import type { Client } from '@kubeclient/core'
import { isKubeError, InvalidRequestError, ProtocolError } from '@kubeclient/core/spec'
import { createTarDecoder } from 'modern-tar'
import { onceAborted } from '../abortable.ts'
import { delay } from '../delay.ts'
import { exec } from '../exec/exec.ts'
import type { PodTarget } from '../pod-target.ts'
import type { CopyFromOptions, CopyResult } from './copy-options.ts'
import { extract } from './extract.ts'
import { archiveCommand, type ContainerPath, containerPath, explainedTarError } from './tar-command.ts'

/** Bytes of nothing at the end of each archive. */
const endBytes = 1024
const firstDelayMs = 800

/**
 * Copies a file or a folder out of a container. Needs `tar` there. Resolves when everything is written, and as long as it was said to be.
 *
 * Links and devices are skipped, as kubectl does, and the result names them. Rejects with an {@link ApiError} for what the server refuses and
 * what `tar` complains about, a {@link TransportError} for a lost connection, a {@link ProtocolError} for an archive that is not whole or holds what
 * would leave `to`, the error of the file system for what cannot be written, and the reason of `signal`.
 *
 * @throws {@link InvalidRequestError} for paths and options that cannot work, and a `from` that is a link
 */
export async function copyFrom(client: Client, pod: PodTarget, options: CopyFromOptions): Promise<CopyResult> {
  const from = containerPath(options.from)
  const { to, retries = 0 } = options
  if (to === '') throw new InvalidRequestError('`to` is empty: say what the copy is called')
  if (!Number.isInteger(retries) || retries < 0)
    throw new InvalidRequestError(`retries is ${retries}: it is a whole number, 0 or more`)
  const stop = new AbortController()
  const unlink = onceAborted(options.signal, () => stop.abort(options.signal?.reason))
  const { readable, writable } = createTarDecoder({ strict: true })
  const extracted = extract(readable, { root: from.name, to, onProgress: options.onProgress })
  extracted.catch((error: unknown) => stop.abort(error))
  try {
    await download(client, pod, { ...options, path: from, retries, writable, extracted, signal: stop.signal })
    return await extracted
  } catch (error) {
    await extracted.catch(() => undefined) // no file stays open
    throw error
  } finally {
    unlink()
  }
}

interface DownloadOptions extends Pick<CopyFromOptions, 'namespace' | 'container'> {
  readonly path: ContainerPath
  readonly retries: number
  readonly writable: WritableStream<Uint8Array>
  /** What becomes of it; rejects with what an archive that cannot be taken has failed with. */
  readonly extracted: Promise<unknown>
  readonly signal: AbortSignal
}

/** Passes the archive on, whatever connections it takes, to its end. */
async function download(client: Client, pod: PodTarget, options: DownloadOptions): Promise<void> {
  const { path, retries, writable, extracted, signal, namespace, container } = options
  const writer = writable.getWriter()
  writer.closed.catch(() => undefined) // each write says so itself
  const explain = async (error: unknown): Promise<never> => {
    await extracted
    throw error
  }
  let [length, zeros] = [0, 0]
  const stdout = (chunk: Uint8Array): Promise<void> => {
    length += chunk.length
    zeros = chunk.every((byte) => byte === 0) ? zeros + chunk.length : trailingZeros(chunk)
    return writer.write(chunk).catch(explain)
  }
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const command = archiveCommand(path, length)
        await exec(client, pod, { command, stdout, namespace, container, signal, check: true })
        break
      } catch (error) {
        if (attempt >= retries || !isKubeError(error, 'KUBE_TRANSPORT')) throw error
      }
      await delay(firstDelayMs * 2 ** Math.min(attempt, 5), signal)
    }
    if (zeros < endBytes) throw new ProtocolError('the archive of the container ended early')
    await writer.close().catch(explain)
  } catch (error) {
    const explained = signal.aborted ? signal.reason : explainedTarError(error)
    await writer.abort(explained).catch(() => undefined)
    throw explained
  }
}

function trailingZeros(chunk: Uint8Array): number {
  return chunk.length - 1 - chunk.findLastIndex((byte) => byte !== 0)
}
