import {
  KubeError,
  ProtocolError,
  TransportError,
  type RequestSummary,
  type UpgradedConnection,
} from '@kubeclient/core'
import { encodeFrame, type Frame, opcodes } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { Heartbeat } from './heartbeat.ts'

const normalClosure = 1000

/** Binary messages over a WebSocket whose handshake is done. */
export class MessageSocket {
  readonly #connection: UpgradedConnection
  readonly #request: RequestSummary
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>
  readonly #heartbeat: Heartbeat
  #unsent = 0
  /** Why it was ended from this side. */
  #ended: { readonly reason: unknown } | undefined
  #isClosing = false

  constructor(connection: UpgradedConnection, request: RequestSummary) {
    this.#connection = connection
    this.#request = request
    this.#writer = connection.writable.getWriter()
    this.#writer.closed.catch(() => undefined) // each write says so itself
    this.#heartbeat = new Heartbeat({
      ping: () => void this.#write(opcodes.ping, new Uint8Array()).catch(() => undefined),
      dead: () =>
        this.destroy(new TransportError('nothing came from the server for 90 s', { request, maybeApplied: true })),
      isBlocked: () => this.#unsent > 0,
    })
  }

  /** The protocol that the server chose. */
  get protocol(): string {
    return this.#connection.protocol
  }

  /**
   * Messages until the server closes. Whoever takes them slowly slows the server down.
   *
   * @throws {@link TransportError} when the connection is lost, {@link ProtocolError} for what is no message
   */
  async *messages(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* this.#received()
    } catch (error) {
      if (this.#ended === undefined) throw error instanceof KubeError ? error : this.#lost(error)
    } finally {
      this.destroy()
    }
    if (this.#ended?.reason !== undefined) throw this.#ended.reason
  }

  async *#received(): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = new FrameReader()
    for await (const chunk of this.#connection.readable) {
      this.#heartbeat.heard()
      for (const frame of reader.push(chunk)) {
        if (frame.opcode === opcodes.close) return this.#closed(frame)
        if (frame.opcode === opcodes.binary) yield wholeMessage(frame)
        else await this.#answer(frame)
      }
    }
    throw this.#lost()
  }

  /** Resolves when there is room for more. */
  async send(message: Uint8Array): Promise<void> {
    await this.#write(opcodes.binary, message)
  }

  /** Says that all is done; the server's own close then ends {@link messages}. */
  async close(): Promise<void> {
    if (this.#isClosing) return
    this.#isClosing = true
    await this.#write(opcodes.close, closePayload()).catch(() => undefined)
  }

  /** Ends it at once. What waits rejects with the reason, or ends where there is none. */
  destroy(reason?: unknown): void {
    this.#ended ??= { reason }
    this.#heartbeat.stop()
    void this.#connection.close()
  }

  async #write(opcode: number, payload: Uint8Array): Promise<void> {
    this.#unsent += 1
    try {
      await this.#writer.ready
      await this.#writer.write(encodeFrame(opcode, payload))
    } catch (error) {
      throw this.#ended?.reason ?? this.#lost(error)
    } finally {
      this.#unsent -= 1
    }
  }

  async #answer({ opcode, payload }: Frame): Promise<void> {
    if (opcode === opcodes.pong) return
    if (opcode === opcodes.ping) return this.#write(opcodes.pong, payload).catch(() => undefined)
    throw new ProtocolError(`the server sent a WebSocket frame of kind ${opcode} where binary messages were agreed on`)
  }

  #closed({ payload }: Frame): void {
    const code = payload.length < 2 ? normalClosure : ((payload[0] ?? 0) << 8) | (payload[1] ?? 0)
    if (code === normalClosure) return
    throw new TransportError(`the server closed the connection with code ${code}`, {
      request: this.#request,
      maybeApplied: true,
    })
  }

  #lost(cause?: unknown): TransportError {
    const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : ''
    return new TransportError(`the connection was lost${code}`, { request: this.#request, maybeApplied: true })
  }
}

function wholeMessage({ final, payload }: Frame): Uint8Array {
  if (final) return payload
  throw new ProtocolError('the server sent a message in parts, whose channels nobody can tell')
}

function closePayload(): Uint8Array {
  return Uint8Array.of(normalClosure >> 8, normalClosure & 0xff)
}
