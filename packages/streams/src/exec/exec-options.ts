import type { Status } from '@kubeclient/core'
import type { ByteSink } from '../byte-sink.ts'
import type { ByteSource } from '../byte-source.ts'

/** Options of {@link attach}. */
export interface AttachOptions {
  /** @defaultValue the pod's own, or the client's namespace */
  namespace?: string | undefined
  /** @defaultValue the only one, or that of the annotation `kubectl.kubernetes.io/default-container` */
  container?: string | undefined
  /** What the command reads; it sees the end of it. A stream is cancelled or destroyed when the command ends first. @defaultValue none */
  stdin?: ByteSource | undefined
  /** Absent: collected into the result. `false`: not asked for. Sinks are not ended. */
  stdout?: ByteSink | false | undefined
  /** Absent: collected into the result. `false`: not asked for. A `tty` has none. */
  stderr?: ByteSink | false | undefined
  /** Bytes that are collected of each of the two before the call rejects. @defaultValue 1_048_576 */
  maxCollectedBytes?: number | undefined
  /** A terminal: programs behave as for a person, and stderr comes on stdout. @defaultValue false */
  tty?: boolean | undefined
  /** With `tty`: sizes of the terminal in characters, as they change. */
  resize?: AsyncIterable<TerminalSize> | undefined
  /**
   * A failed command rejects, as an {@link ApiError} with the reason `NonZeroExitCode`, and a command of which the server does not say
   * how it ended as a {@link ProtocolError}. @defaultValue false
   */
  check?: boolean | undefined
  /**
   * What to do when `stdin` ends and the server is so old (before Kubernetes 1.30) that it cannot be told: `keepOpen`, and
   * the command waits for more; or `disconnect`, which may lose the end of its output. @defaultValue reject before anything runs
   */
  withoutStdinEnd?: 'keepOpen' | 'disconnect' | undefined
  /** Ends the connection, and the call with its reason. The command is not told, unless it has a terminal. */
  signal?: AbortSignal | undefined
}

/** Options of {@link exec}. */
export interface ExecOptions extends AttachOptions {
  /** The program and its arguments; no shell. */
  command: readonly string[]
}

export interface TerminalSize {
  readonly width: number
  readonly height: number
}

/** How a command ended. */
export interface ExecResult {
  /** `undefined`: the connection ended well without one, as attach may. */
  readonly exitCode: number | undefined
  readonly status: Status | undefined
  /** UTF-8; empty when a sink was given. */
  readonly stdout: string
  /** UTF-8; empty when a sink was given, and of a `tty`. */
  readonly stderr: string
}

/** A command that runs: a promise of how it ends. */
export interface Execution extends Promise<ExecResult> {
  /** The same promise, for code that says what it wants: `await exec(…).text()`. */
  text(): Promise<ExecResult>
}
