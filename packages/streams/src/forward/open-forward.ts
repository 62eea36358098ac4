import { type ByteDuplex, type Client, ProtocolError, type RequestSummary, TransportError } from '@kubeclient/core'
import { pieces } from '../byte-source.ts'
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
const maxFaultBytes = 64 * 1024

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
  const socket = new MessageSocket(connection, request)
  const messages = socket.messages()
  const abort = (): void => socket.destroy(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  await announced(messages, port)
  return duplex(socket, received(messages, { request, port, end: () => signal?.removeEventListener('abort', abort) }))
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

interface ReceiveContext {
  readonly request: RequestSummary
  readonly port: number
  readonly end: () => void
}

async function* received(
  messages: AsyncGenerator<Uint8Array, void>,
  { request, port, end }: ReceiveContext,
): AsyncGenerator<Uint8Array, void> {
  const decoder = new TextDecoder()
  let words = ''
  try {
    for await (const message of messages) {
      const payload = message.subarray(1)
      if (message[0] === data) yield payload
      else words += decoder.decode(payload, { stream: true })
      if (words.length > maxFaultBytes) break
    }
  } finally {
    end()
  }
  if (words.trim() !== '')
    throw new TransportError(
      `the pod's port ${port} cannot be reached: ${JSON.stringify(words.trim().slice(0, 512))}`,
      {
        request,
        maybeApplied: true,
      },
    )
}

function duplex(socket: MessageSocket, incoming: AsyncGenerator<Uint8Array, void>): ForwardedPort {
  const close = async (): Promise<void> => socket.destroy()
  return {
    readable: ReadableStream.from(incoming),
    writable: new WritableStream<Uint8Array>({
      async write(chunk) {
        for await (const piece of pieces(chunk, pieceBytes)) {
          const message = new Uint8Array(piece.length + 1)
          message[0] = data
          message.set(piece, 1)
          await socket.send(message)
        }
      },
      abort: (reason) => socket.destroy(reason),
    }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
