import type { ByteDuplex, Client, RequestSummary } from '@kubeclient/core'
import { ProtocolError, TransportError } from '@kubeclient/core/spec'
import { podPath } from '../pod-target.ts'
import { MessageSocket } from '../websocket/message-socket.ts'
import type { PodPort } from './resolve-target.ts'

/** One connection to one port of a pod. */
export interface ForwardedPort extends ByteDuplex, AsyncDisposable {
  /** Ends it at once. Idempotent. */
  close(): Promise<void>
}

const protocol = 'v4.channel.k8s.io'
const data = 0
const fault = 1
const pieceBytes = 32 * 1024
const maxFaultBytes = 512

/**
 * Opens a WebSocket for one connection: its protocol has no more, and no half-close, so bytes from the pod are read until it
 * closes, also after the writer has.
 *
 * @throws {@link ApiError}, {@link TransportError}
 */
export async function openForward(
  client: Client,
  { pod, port }: PodPort,
  signal: AbortSignal | undefined,
): Promise<ForwardedPort> {
  const path = podPath(pod, 'portforward')
  const request: RequestSummary = { method: 'GET', url: path }
  const connection = await client.upgrade({ path, query: { ports: String(port) }, protocols: [protocol], signal })
  const socket = new MessageSocket(connection, request, signal)
  const messages = socket.messages()
  await announced(messages, port)
  return duplex(socket, received(messages, request, port))
}

/** Each channel begins with the port that it is for. */
async function announced(messages: AsyncGenerator<Uint8Array, void>, port: number): Promise<void> {
  for (const channel of [data, fault]) {
    const { value } = await messages.next()
    const isRight = value?.length === 3 && value[0] === channel && ((value[1] ?? 0) | ((value[2] ?? 0) << 8)) === port
    if (isRight) continue
    await messages.return()
    throw new ProtocolError(`the server did not begin with the port ${port}, as ${protocol} demands`)
  }
}

async function* received(
  messages: AsyncGenerator<Uint8Array, void>,
  request: RequestSummary,
  port: number,
): AsyncGenerator<Uint8Array, void> {
  for await (const message of messages) {
    const payload = message.subarray(1)
    if (message[0] !== data && message[0] !== fault)
      throw new ProtocolError(`the server sent bytes on channel ${message[0]}, which belongs to no port`)
    if (payload.length === 0) continue
    if (message[0] === fault) throw unreachable(payload, request, port)
    yield payload
  }
}

function unreachable(payload: Uint8Array, request: RequestSummary, port: number): TransportError {
  const words = new TextDecoder().decode(payload.subarray(0, maxFaultBytes)).trim()
  return new TransportError(`the pod's port ${port} cannot be reached: ${JSON.stringify(words)}`, {
    request,
    maybeApplied: true,
  })
}

function duplex(socket: MessageSocket, incoming: AsyncGenerator<Uint8Array, void>): ForwardedPort {
  const close = async (): Promise<void> => socket.destroy()
  return {
    readable: new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const { done, value } = await incoming.next()
          if (done === true) controller.close()
          else controller.enqueue(value)
        },
        cancel: close, // not by `incoming.return()`, which waits for the next message
      },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream<Uint8Array>({
      async write(chunk) {
        for (let start = 0; start < chunk.length; start += pieceBytes)
          await socket.send(onData(chunk.subarray(start, start + pieceBytes)))
      },
      abort: (reason) => socket.destroy(reason),
    }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function onData(piece: Uint8Array): Uint8Array {
  const message = new Uint8Array(piece.length + 1)
  message[0] = data
  message.set(piece, 1)
  return message
}
