import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { ConfigError } from '@kubeclient/core/spec'
import { endProcess } from './end-process.ts'
import { collectStderr, type LastWords } from './collect-stderr.ts'

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
  readonly stderr: LastWords
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
    return { notStarted: code, code: null, signal: null, stdout: new Uint8Array(), stderr: { text: '', isCut: false } }
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
  const { signal, timeoutMs, platform } = options
  const stdout: Uint8Array[] = []
  const stderr = collectStderr(options.onStderr)
  const result = (ended?: string): CommandResult => resultOf(child, Buffer.concat(stdout), stderr.last(), ended)
  let isOver = false
  let drain: NodeJS.Timeout | undefined

  /** The first that calls it decides what comes out. */
  const conclude = (how: () => void): void => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    clearTimeout(drain)
    signal.removeEventListener('abort', abort)
    child.stdout?.destroy()
    child.stderr?.destroy()
    how()
  }
  const end = (outcome: () => void): void =>
    conclude(() => endProcess(child, { platform, isGroup: isGroup(options) }, outcome))
  const abort = (): void => end(() => reject(signal.reason))
  const finish = (): void => conclude(() => resolve(result()))
  const timer = setTimeout(() => {
    end(() => resolve(result(`did not end within ${timeoutMs / 1000} s`)))
  }, timeoutMs)

  signal.addEventListener('abort', abort, { once: true })
  readAll(
    child.stdout,
    (chunk) => stdout.push(chunk),
    maxStdout,
    () => end(() => resolve(result('printed more than 1 MiB'))),
  )
  child.stderr?.on('data', (chunk: Uint8Array) => {
    try {
      stderr.add(chunk)
    } catch (error) {
      end(() => reject(error))
    }
  })
  child.on('error', (error) => conclude(() => reject(error)))
  child.on('exit', () => {
    if (!isOver) drain = setTimeout(finish, drainMs)
  })
  child.on('close', finish)
  return promise
}

/** Takes as many bytes as there may be; then it is too much. */
function readAll(stream: Readable | null, take: (chunk: Uint8Array) => void, limit: number, tooMuch: () => void): void {
  let size = 0
  stream?.on('data', (chunk: Uint8Array) => {
    size += chunk.length
    if (size > limit) tooMuch()
    else take(chunk)
  })
}

function resultOf(
  { exitCode: code, signalCode: signal }: ChildProcess,
  stdout: Uint8Array,
  stderr: LastWords,
  ended: string | undefined,
): CommandResult {
  return { code, signal, stdout, stderr, ...(ended !== undefined && { ended }) }
}
