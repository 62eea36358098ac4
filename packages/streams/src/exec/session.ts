import { isKubeError, ProtocolError } from '@kubeclient/core/spec'
import { onceAborted } from '../abortable.ts'
import { type ByteSource, openPieces, type OpenSource, openSource } from '../byte-source.ts'
import type { MessageSocket } from '../websocket/message-socket.ts'
import type { TerminalSize } from './exec-options.ts'
import type { Output } from './output.ts'

/** The first byte of each message. */
const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const

/** Bytes of stdin in a message; the server reads messages whole. */
const pieceBytes = 32 * 1024
/** Milliseconds that the server has to close after its Status. */
const graceMs = 2000
const maxStatusBytes = 64 * 1024

/** What goes through a session. */
export interface SessionStreams {
  readonly stdin: ByteSource | undefined
  readonly resize: AsyncIterable<TerminalSize> | undefined
  readonly outputs: ReadonlyMap<number, Output>
  /** How to end stdin. */
  readonly endStdin: (socket: MessageSocket) => Promise<void>
}

export const outputChannels: { readonly stdout: 1; readonly stderr: 2 } = {
  stdout: channels.stdout,
  stderr: channels.stderr,
}

/** Tells a server of `v5.channel.k8s.io` that stdin has ended. */
export function closeStdin(socket: MessageSocket): Promise<void> {
  return socket.send(Uint8Array.of(channels.close, channels.stdin))
}

/**
 * Moves bytes both ways until the server is done, and answers the text of its Status.
 *
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets
 */
export async function runSession(socket: MessageSocket, streams: SessionStreams): Promise<string> {
  const stop = new AbortController()
  const fail = (error: unknown): void => socket.destroy(error)
  sendStdin(socket, streams, stop.signal).catch(fail)
  sendSizes(socket, streams.resize, stop.signal).catch(fail)
  try {
    const status = await receive(socket, streams.outputs)
    await Promise.all([...streams.outputs.values()].map((output) => output.finish()))
    return status
  } finally {
    stop.abort()
    socket.destroy()
  }
}

async function receive(socket: MessageSocket, outputs: ReadonlyMap<number, Output>): Promise<string> {
  const decoder = new TextDecoder()
  let status = ''
  let grace: ReturnType<typeof setTimeout> | undefined
  try {
    for await (const message of socket.messages()) {
      const [channel = channels.close] = message
      const payload = message.subarray(1)
      if (payload.length === 0) continue // says that the channel is ready
      if (channel !== channels.status) {
        await outputOf(channel, outputs)?.write(payload)
        continue
      }
      status += decoder.decode(payload, { stream: true })
      if (status.length > maxStatusBytes)
        throw new ProtocolError('the server ended the session with more than a Status')
      grace ??= setTimeout(() => socket.destroy(), graceMs)
    }
  } catch (error) {
    // The Status is the last that is sent: what becomes of the connection after it does not matter.
    if (!isKubeError(error, 'KUBE_TRANSPORT') || !isWhole(status)) throw error
  } finally {
    clearTimeout(grace)
  }
  return status
}

function isWhole(status: string): boolean {
  try {
    JSON.parse(status)
    return true
  } catch {
    return false
  }
}

/** Nothing, for one that was not asked for. */
function outputOf(channel: number, outputs: ReadonlyMap<number, Output>): Output | undefined {
  if (channel === channels.stdout || channel === channels.stderr) return outputs.get(channel)
  throw new ProtocolError(`the server sent bytes on channel ${channel}, which is none of a command's output`)
}

async function sendStdin(
  socket: MessageSocket,
  { stdin, endStdin }: SessionStreams,
  signal: AbortSignal,
): Promise<void> {
  if (stdin === undefined) return
  await sendEach(socket, openPieces(stdin, pieceBytes), signal, (piece) => onChannel(channels.stdin, piece))
  if (!signal.aborted) await endStdin(socket).catch(() => undefined)
}

async function sendSizes(
  socket: MessageSocket,
  sizes: AsyncIterable<TerminalSize> | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (sizes === undefined) return
  const encoder = new TextEncoder()
  await sendEach(socket, openSource(sizes), signal, ({ width, height }) =>
    onChannel(channels.resize, encoder.encode(JSON.stringify({ Width: width, Height: height }))),
  )
}

/** A source that fails ends the session with its error; a session that ends lets go of the source. */
async function sendEach<T>(
  socket: MessageSocket,
  source: OpenSource<T>,
  signal: AbortSignal,
  encode: (value: T) => Uint8Array,
): Promise<void> {
  const unlink = onceAborted(signal, () => source.cancel())
  for (;;) {
    const next = await source.next().catch((error: unknown) => {
      socket.destroy(error)
      return { done: true, value: undefined } as const
    })
    if (next.done === true || signal.aborted) return unlink()
    const message = encode(next.value)
    try {
      await socket.send(message)
    } catch {
      return // what came before the connection was lost is still read, and `receive` says how it ended
    }
  }
}

function onChannel(channel: number, payload: Uint8Array): Uint8Array {
  const message = new Uint8Array(payload.length + 1)
  message[0] = channel
  message.set(payload, 1)
  return message
}
