import { type ChildProcess, spawn } from 'node:child_process'

/** Bytes; an answer of `gcloud` has a few thousand. */
const maxStdout = 1024 * 1024
/** Characters. Of more than these nothing is quoted: half of a secret could not be told from other words. */
const maxStderr = 64 * 1024
/** How long the pipes of a command that has ended may stay open, in milliseconds: something it left running may hold them. */
const drainMs = 250

export interface RunOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
  /** Why there is nothing to read; goes on where `the command "x"` ended. */
  readonly fault: string | undefined
}

/**
 * Runs a file, without a shell or a terminal, until it ends. It takes a bounded amount of memory and time; ended early, so is
 * what it has started. Rejects with the reason of `signal`.
 */
export async function runCommand(file: string, args: readonly string[], options: RunOptions): Promise<CommandResult> {
  try {
    return await observe(
      spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: canGroup, windowsHide: true }),
      options,
    )
  } catch (error) {
    const { syscall, code }: Partial<NodeJS.ErrnoException> = error instanceof Error ? error : {}
    if (syscall?.startsWith('spawn') !== true) throw error
    // Not as the cause: Node's error holds the whole command line.
    return { stdout: '', stderr: '', fault: `cannot be started: the system answers ${code}` }
  }
}

function observe(child: ChildProcess, { timeoutMs, signal }: RunOptions): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>()
  const output = collect(child, () => end(() => finish('printed more than 1 MiB')))
  const finish = (fault?: string): void => resolve({ ...output(), fault })
  let drain: NodeJS.Timeout | undefined

  /** The first that calls it decides what comes out: a promise settles once. */
  const settle = (how: () => void): void => {
    clearTimeout(late)
    clearTimeout(drain)
    signal.removeEventListener('abort', abort)
    child.stdout?.destroy()
    child.stderr?.destroy()
    how()
  }
  const end = (how: () => void): void => {
    endGroup(child)
    settle(how)
  }
  const abort = (): void => end(() => reject(signal.reason))
  const late = setTimeout(() => end(() => finish(`did not end within ${timeoutMs / 1000} s`)), timeoutMs)

  signal.addEventListener('abort', abort, { once: true })
  child.on('error', (error) => settle(() => reject(error)))
  child.on('exit', () => (drain = setTimeout(() => settle(() => finish(exitFault(child))), drainMs)))
  child.on('close', () => settle(() => finish(exitFault(child))))
  return promise
}

/** A group of its own can be ended as a whole. Windows has none. */
const canGroup = process.platform !== 'win32'

/** At once: what gives tokens has nothing to put in order. */
function endGroup(child: ChildProcess): void {
  try {
    if (canGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    else child.kill()
  } catch {
    // Nobody of the group is left.
  }
}

function collect(child: ChildProcess, tooMuch: () => void): () => Pick<CommandResult, 'stdout' | 'stderr'> {
  const stdout: Uint8Array[] = []
  let size = 0
  let stderr = ''
  child.stdout?.on('data', (chunk: Uint8Array) => {
    size += chunk.length
    if (size > maxStdout) tooMuch()
    else stdout.push(chunk)
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length <= maxStderr) stderr += text
  })
  return () => ({
    stdout: Buffer.concat(stdout).toString(),
    stderr: stderr.length > maxStderr ? '(more than 64 KiB)' : stderr,
  })
}

function exitFault({ exitCode, signalCode }: ChildProcess): string | undefined {
  if (exitCode === 0) return undefined
  return exitCode === null ? `was ended by ${signalCode ?? 'a signal'}` : `failed with exit code ${exitCode}`
}
