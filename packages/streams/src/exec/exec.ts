import type { Client, RequestOptions, RequestSummary, UpgradedConnection } from '@kubeclient/core'
import { InvalidRequestError, isKubeError, ProtocolError } from '@kubeclient/core/spec'
import { abortable, onceAborted } from '../abortable.ts'
import { checkSource } from '../byte-source.ts'
import { type PodTarget, podPath, podPlace } from '../pod-target.ts'
import { MessageSocket } from '../websocket/message-socket.ts'
import type { AttachOptions, ExecOptions, ExecResult, Execution } from './exec-options.ts'
import { exitStatus, statusError } from './exit-status.ts'
import { collectOutput, type Output, sinkOutput } from './output.ts'
import { closeStdin, outputChannels, runSession } from './session.ts'

const v5 = 'v5.channel.k8s.io'
const v4 = 'v4.channel.k8s.io'
const defaultCollectedBytes = 1024 * 1024

/**
 * Runs a command in a container, and resolves when it has ended, whatever its exit code.
 *
 * Rejects with an {@link ApiError} when the server refuses or the command cannot be started, a {@link TransportError} when the connection is
 * lost (the command may go on), and the reason of `signal`. The user needs the verbs `get` and `create` on `pods/exec`.
 *
 * @throws {@link InvalidRequestError} for names and options that no server takes
 */
export function exec(client: Client, pod: PodTarget, options: ExecOptions): Execution {
  return execution(run(client, pod, 'exec', options))
}

/** Joins the main process of a container. Resolves when that ends, or the server ends the connection. @see {@link exec} */
export function attach(client: Client, pod: PodTarget, options: AttachOptions = {}): Execution {
  return execution(run(client, pod, 'attach', options))
}

function execution(promise: Promise<ExecResult>): Execution {
  return Object.assign(promise, { text: () => promise })
}

async function run(
  client: Client,
  pod: PodTarget,
  verb: 'exec' | 'attach',
  options: AttachOptions & { readonly command?: readonly string[] },
): Promise<ExecResult> {
  const path = podPath(podPlace(pod, options.namespace, client), verb)
  const query = sessionQuery(verb, options)
  const stop = new AbortController()
  const unlink = onceAborted(options.signal, () => stop.abort(options.signal?.reason))
  const outputs = new Map<number, Output>()
  try {
    openOutputs(outputs, options, (error) => stop.abort(error))
    const request: RequestSummary = { method: 'GET', url: path }
    const connection = await connect(client, { path, query, signal: stop.signal }, endsStdin(options))
    const socket = new MessageSocket(connection, request, stop.signal)
    const text = await abortable(session(socket, outputs, options), stop.signal)
    return result(text, outputs, { request, check: options.check === true })
  } finally {
    unlink()
    for (const output of outputs.values()) output.release()
  }
}

/** Whether the command must see the end of its stdin: only v5 can tell it. */
function endsStdin({ stdin, withoutStdinEnd }: AttachOptions): boolean {
  return stdin !== undefined && withoutStdinEnd === undefined
}

/** Offers no v4 where that would not do, so that nothing runs then. */
async function connect(client: Client, request: RequestOptions, onlyV5: boolean): Promise<UpgradedConnection> {
  try {
    return await client.upgrade({ ...request, protocols: onlyV5 ? [v5] : [v5, v4] })
  } catch (error) {
    // A server that knows none of the protocols says 403, or 400, and nothing else; one that forbids gives its reason.
    const knowsNone = isKubeError(error, 'KUBE_API') && [400, 403].includes(error.status) && error.reason === undefined
    if (!onlyV5 || !knowsNone) throw error
    throw new InvalidRequestError(
      `the server does not know ${v5} (Kubernetes 1.30), and without that a command cannot be told that stdin has ended: choose with \`withoutStdinEnd\``,
      { cause: error },
    )
  }
}

async function session(
  socket: MessageSocket,
  outputs: ReadonlyMap<number, Output>,
  options: AttachOptions,
): Promise<string> {
  try {
    const { stdin, resize } = options
    return await runSession(socket, { stdin, resize, outputs, endStdin: stdinEnd(socket.protocol, options) })
  } finally {
    socket.destroy()
  }
}

/** @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#podexecoptions-v1-core */
function sessionQuery(verb: string, options: AttachOptions & { readonly command?: readonly string[] }) {
  const { command, container, stdin, stdout, stderr, tty = false, resize, maxCollectedBytes = 0 } = options
  if (verb === 'exec' && (!Array.isArray(command) || command.length === 0))
    throw new InvalidRequestError('exec needs a command: a list of the program, then its arguments')
  if (resize !== undefined && !tty) throw new InvalidRequestError('sizes are those of a terminal: give `tty` as well')
  if (tty && stderr !== undefined && stderr !== false)
    throw new InvalidRequestError('a terminal has one output: with `tty`, stderr comes on stdout')
  if (stdin !== undefined) checkSource(stdin, 'stdin')
  if (resize !== undefined) checkSource(resize, 'resize')
  if (!(maxCollectedBytes >= 0))
    throw new InvalidRequestError(`maxCollectedBytes is ${maxCollectedBytes}: it is a number, 0 or more`)
  const asked = { stdin: stdin !== undefined, stdout: stdout !== false, stderr: stderr !== false && !tty }
  if (!asked.stdin && !asked.stdout && !asked.stderr)
    throw new InvalidRequestError('a session without stdin, stdout and stderr has nothing to carry')
  return { command, container, tty, ...asked }
}

function openOutputs(
  outputs: Map<number, Output>,
  { stdout, stderr, tty = false, maxCollectedBytes = defaultCollectedBytes }: AttachOptions,
  onFailure: (error: unknown) => void,
): void {
  const open = (name: 'stdout' | 'stderr', sink: AttachOptions['stdout']): void => {
    if (sink === false) return
    const output = sink === undefined ? collectOutput(name, maxCollectedBytes) : sinkOutput(sink, onFailure)
    outputs.set(outputChannels[name], output)
  }
  open('stdout', stdout)
  if (!tty) open('stderr', stderr)
}

function stdinEnd(protocol: string, { withoutStdinEnd }: AttachOptions): (socket: MessageSocket) => Promise<void> {
  if (protocol === v5) return closeStdin
  return (socket) => (withoutStdinEnd === 'disconnect' ? socket.close() : Promise.resolve())
}

function result(
  text: string,
  outputs: ReadonlyMap<number, Output>,
  { request, check }: { readonly request: RequestSummary; readonly check: boolean },
): ExecResult {
  const exit = exitStatus(text, request)
  const stdout = outputs.get(outputChannels.stdout)?.text() ?? ''
  const stderr = outputs.get(outputChannels.stderr)?.text() ?? ''
  if (check && exit.status === undefined)
    throw new ProtocolError(`${request.url}: the server ended the session without saying how the command ended`)
  if (check && exit.status !== undefined && exit.exitCode !== 0)
    throw statusError(exit.status, request, failure(exit.exitCode, stderr))
  return { ...exit, stdout, stderr }
}

/** With the end of what it said, where the reason is. */
function failure(exitCode: number | undefined, stderr: string): string {
  const words = stderr.trim()
  const start = words.length > 2000 ? '…' : ''
  return `the command failed with exit code ${exitCode}${words === '' ? '' : `; its stderr: ${JSON.stringify(start + words.slice(-2000))}`}`
}
