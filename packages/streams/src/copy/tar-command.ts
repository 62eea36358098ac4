import { posix } from 'node:path'
import { ApiError, InvalidRequestError, isKubeError } from '@kubeclient/core/spec'

/** A path in a container, as tar is told it: a folder to be in, and a name there. */
export interface ContainerPath {
  readonly folder: string
  /** `.` for the root itself. */
  readonly name: string
}

/** @throws {@link InvalidRequestError} for a path that is empty or leads out of where it began */
export function containerPath(path: string): ContainerPath {
  const clean = posix.normalize(path).replace(/(?<=.)\/+$/, '')
  if (path === '' || path.includes('\0') || /^\.\.(\/|$)/.test(clean))
    throw new InvalidRequestError(
      `${JSON.stringify(path)} is no path in a container: it is not empty, and stays in its folder`,
    )
  if (clean === '/' || clean === '.') return { folder: clean, name: '.' }
  return { folder: posix.dirname(clean), name: posix.basename(clean) }
}

/** Writes an archive to stdout; with an offset, the rest of it from there on. The `./` is for names that begin with a dash. */
export function archiveCommand({ folder, name }: ContainerPath, offset: number): string[] {
  if (offset === 0) return ['tar', '-cf', '-', '-C', folder, `./${name}`]
  const script = 'tar -cf - -C "$1" "./$2" | tail -c "+$3"'
  return ['sh', '-c', script, 'sh', folder, name, String(offset + 1)]
}

/** Reads an archive from stdin: files are new (`m`), and the user's who writes them (`o`). */
export function extractCommand(folder: string): string[] {
  return ['tar', '-xmof', '-', '-C', folder]
}

/** A container without tar says so in the words of its runtime, or by the exit code of its shell. */
export function explainedTarError(error: unknown): unknown {
  if (!isKubeError(error, 'KUBE_API') || !isWithoutTar(error)) return error
  const { status, request, reason, details } = error
  return new ApiError(
    'the container has no tar, which copying needs: use another container of the pod, such as an ephemeral one',
    { status, request, reason, details },
    { cause: error },
  )
}

function isWithoutTar({ reason, causes, message }: ApiError): boolean {
  if (reason !== 'NonZeroExitCode') return /\btar\b.*(not found|no such file)/is.test(message)
  return causes.some((cause) => cause.reason === 'ExitCode' && /^12[67]$/.test(cause.message ?? ''))
}
