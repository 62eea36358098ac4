import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { ConfigError } from '@kubeclient/core/spec'
import { endProcess } from './end-process.ts'
import { collectStderr } from './collect-stderr.ts'

/** Bytes; a credential has a few thousand. */
const maxStdout = 1024 * 1024
/** How long the pipes of a command that has ended may stay open, in milliseconds: something it left running may hold them. */
const drainMs = 250

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** The command may read the terminal. */
  readonly interactive: boolean
  readonly timeoutMs: number
  readonly onStderr: (text: string) => void
  readonly signal: AbortSignal
}

export interface CommandResult {
  /** The system's code, when there was no process. */
  readonly notStarted?: string
  /** Why we ended it; goes on where `the command "x"` ended. */
  readonly ended?: string
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Uint8Array
  /** The last part of it. */
  readonly stderr: string
}

/** @throws {@link ConfigError} */
export function checkTimeout(timeoutMs: number = 55_000): number {
  // Below the client's 60 s, whose error could not say what the command said.
  if (Number.isFinite(timeoutMs) && timeoutMs >= 1 && timeoutMs <= 2 ** 31 - 1) return timeoutMs
  throw new ConfigError('auth-exec: "timeoutMs" must be a number of milliseconds from 1 on')
}

/**
 * Runs a file, without a shell, until it ends. Whatever it does: it takes a bounded amount of memory and time, and when it is
 * ended early, so is what it has started. Rejects with the reason of `signal`, or with what `onStderr` throws.
 */
export async function runCommand(path: string, args: readonly string[], options: RunOptions): Promise<CommandResult> {
  try {
    const child = spawn(path, args, spawnOptions(options))
    return await observe(child, options)
  } catch (error) {
    const { syscall, code }: Partial<NodeJS.ErrnoException> = error instanceof Error ? error : {}
    if (syscall?.startsWith('spawn') !== true || code === undefined) throw error
    return { notStarted: code, code: null, signal: null, stdout: new Uint8Array(), stderr: '' }
  }
}

function spawnOptions({ env, platform, interactive }: RunOptions): SpawnOptions {
  return {
    env,
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    shell: false,
    windowsHide: true,
    detached: isGroup({ platform, interactive }),
  }
}

/** A group of its own can be ended as a whole, and cannot read the terminal: only the group in the foreground may. */
function isGroup({ platform, interactive }: Pick<RunOptions, 'platform' | 'interactive'>): boolean {
  return platform !== 'win32' && !interactive
}

function observe(child: ChildProcess, options: RunOptions): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>()
  const stdout: Uint8Array[] = []
  let size = 0
  let settle: (() => void) | undefined
  const stderr = collectStderr(options.onStderr)

  const end = (outcome: () => void): void => {
    if (settle !== undefined) return
    settle = outcome
    release()
    endProcess(child, { platform: options.platform, isGroup: isGroup(options) }, outcome)
  }
  const endWith = (ended: string): void => end(() => resolve({ ...resultOf(child, stdout, stderr.last()), ended }))
  const abort = (): void => end(() => reject(options.signal.reason))
  const finish = (): void => {
    if (settle !== undefined) return
    settle = () => resolve(resultOf(child, stdout, stderr.last()))
    release()
    settle()
  }
  const timer = setTimeout(endWith, options.timeoutMs, `did not end within ${options.timeoutMs / 1000} s`)
  let drain: NodeJS.Timeout | undefined
  const release = (): void => {
    clearTimeout(timer)
    clearTimeout(drain)
    options.signal.removeEventListener('abort', abort)
    child.stdout?.destroy()
    child.stderr?.destroy()
  }

  options.signal.addEventListener('abort', abort, { once: true })
  child.stdout?.on('data', (chunk: Uint8Array) => {
    size += chunk.length
    if (size > maxStdout) endWith('printed more than 1 MiB')
    else stdout.push(chunk)
  })
  child.stderr?.on('data', (chunk: Uint8Array) => {
    try {
      stderr.add(chunk)
    } catch (error) {
      end(() => reject(error))
    }
  })
  child.on('error', (error) => {
    settle ??= () => reject(error)
    release()
    settle()
  })
  child.on('exit', () => {
    if (settle === undefined) drain = setTimeout(finish, drainMs)
  })
  child.on('close', finish)
  return promise
}

function resultOf(
  { exitCode, signalCode }: ChildProcess,
  stdout: readonly Uint8Array[],
  stderr: string,
): CommandResult {
  return { code: exitCode, signal: signalCode, stdout: Buffer.concat(stdout), stderr }
}
