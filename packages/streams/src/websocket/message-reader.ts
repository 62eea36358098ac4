import { ProtocolError } from '@kubeclient/core/spec'
import { type Frame, opcodes } from './frame.ts'
import { maxPayload } from './frame-reader.ts'

/** Puts messages together whose frames something on the way has divided. @see RFC 6455 section 5.4 */
export class MessageReader {
  #parts: Uint8Array[] | undefined
  #length = 0

  /** The message that is whole now. @throws {@link ProtocolError} */
  push({ opcode, final, payload }: Frame): Uint8Array | undefined {
    if ((opcode === opcodes.continuation) !== (this.#parts !== undefined))
      throw new ProtocolError('the server sent a part of a WebSocket message outside its turn')
    if (this.#parts === undefined && final) return payload
    this.#parts ??= []
    this.#parts.push(payload)
    this.#length += payload.length
    if (this.#length > maxPayload || this.#parts.length > maxParts)
      throw new ProtocolError('the server sent a WebSocket message larger than 16 MiB, or in too many parts')
    if (!final) return undefined
    const message = concat(this.#parts, this.#length)
    this.#parts = undefined
    this.#length = 0
    return message
  }
}

const maxParts = 65_536

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
