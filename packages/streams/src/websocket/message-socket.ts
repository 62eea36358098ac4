import type { RequestSummary, UpgradedConnection } from '@kubeclient/core'
import { KubeError, ProtocolError, TransportError } from '@kubeclient/core/spec'
import { onceAborted } from '../abortable.ts'
import { encodeFrame, type Frame, opcodes } from './frame.ts'
import { FrameReader } from './frame-reader.ts'
import { Heartbeat } from './heartbeat.ts'
import { MessageReader } from './message-reader.ts'

const normalClosure = 1000
/** Milliseconds that the server has to answer our close. */
const closeGraceMs = 2000

/** Binary messages over a WebSocket whose handshake is done. */
export class MessageSocket {
  readonly #connection: UpgradedConnection
  readonly #request: RequestSummary
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>
  readonly #heartbeat: Heartbeat
  #unlink: () => void = () => undefined
  #unsent = 0
  #isListening = false
  #isPonging = false
  /** Why it was ended from this side. */
  #ended: { readonly reason: unknown } | undefined
  #closing: ReturnType<typeof setTimeout> | undefined

  /** An abort of the signal ends it with the reason. */
  constructor(connection: UpgradedConnection, request: RequestSummary, signal?: AbortSignal) {
    this.#connection = connection
    this.#request = request
    this.#writer = connection.writable.getWriter()
    this.#writer.closed.catch(() => this.#heartbeat.stop()) // also of a connection that is lost while nobody reads
    this.#heartbeat = new Heartbeat({
      ping: () => void this.#write(opcodes.ping, new Uint8Array()).catch(() => undefined),
      dead: () =>
        this.destroy(new TransportError('nothing came from the server for 90 s', { request, maybeApplied: true })),
      isSending: () => this.#unsent > 0,
      isListening: () => this.#isListening,
    })
    this.#unlink = onceAborted(signal, () => this.destroy(signal?.reason))
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
    const [frames, messages] = [new FrameReader(), new MessageReader()]
    for await (const chunk of this.#chunks()) {
      for (const frame of frames.push(chunk)) {
        if (this.#ended !== undefined) return
        if (frame.opcode === opcodes.close) {
          this.#checkClose(frame)
          return
        }
        const isData = frame.opcode === opcodes.binary || frame.opcode === opcodes.continuation
        const message = isData ? messages.push(frame) : undefined
        if (message !== undefined) yield message
        if (!isData) this.#answer(frame)
      }
    }
    if (this.#closing === undefined) throw this.#lost()
  }

  /** As they come; notes when somebody waits for one. */
  async *#chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    this.#isListening = true
    for await (const chunk of this.#connection.readable) {
      this.#heartbeat.heard()
      this.#isListening = false
      yield chunk
      this.#heartbeat.heard() // the time that the reader took is not the server's
      this.#isListening = true
    }
  }

  /** Resolves when there is room for more. */
  async send(message: Uint8Array): Promise<void> {
    await this.#write(opcodes.binary, message)
  }

  /** Says that all is done; then the server closes, which ends {@link messages}, or is left after two seconds. */
  async close(): Promise<void> {
    if (this.#closing !== undefined || this.#ended !== undefined) return
    this.#closing = setTimeout(() => this.destroy(), closeGraceMs)
    await this.#write(opcodes.close, closePayload()).catch(() => undefined)
  }

  /** Ends it at once. What waits rejects with the reason, or ends where there is none. Idempotent. */
  destroy(reason?: unknown): void {
    if (this.#ended !== undefined) return
    this.#ended = { reason }
    clearTimeout(this.#closing)
    this.#unlink()
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

  /** Does not wait: a server that takes nothing because nobody reads what it sends would wait as well. */
  #answer({ opcode, payload }: Frame): void {
    if (opcode === opcodes.ping) void this.#pong(payload)
    else if (opcode !== opcodes.pong)
      throw new ProtocolError(
        `the server sent a WebSocket frame of kind ${opcode} where binary messages were agreed on`,
      )
  }

  /** One at a time. Of more pings than we can answer, some go without, as RFC 6455 section 5.5.3 allows. */
  async #pong(payload: Uint8Array): Promise<void> {
    if (this.#isPonging) return
    this.#isPonging = true
    await this.#write(opcodes.pong, payload).catch(() => undefined)
    this.#isPonging = false
  }

  #checkClose({ payload }: Frame): void {
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

function closePayload(): Uint8Array {
  return Uint8Array.of(normalClosure >> 8, normalClosure & 0xff)
}
