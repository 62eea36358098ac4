import { ProtocolError } from '@kubeclient/core/spec'
import { type Frame, opcodes } from './frame.ts'

/** Bytes. API servers send 32 KiB at a time; more than this is no stream of a container. */
export const maxPayload: number = 16 * 1024 * 1024

interface Head {
  readonly opcode: number
  readonly final: boolean
  readonly start: number
  readonly length: number
}

/** A frame of which not all has come. */
interface PartialFrame {
  readonly head: Head
  readonly payload: Uint8Array
  filled: number
}

/** Cuts what a server sends into frames, wherever it was split on the way. Copies only what was split. */
export class FrameReader {
  /** Less than a head. */
  #rest: Uint8Array = new Uint8Array()
  #partial: PartialFrame | undefined

  /** The frames that are whole now. @throws {@link ProtocolError} */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = []
    let bytes = this.#partial === undefined ? joined(this.#rest, chunk) : this.#fill(this.#partial, chunk, frames)
    for (let head = readHead(bytes); head !== undefined; head = readHead(bytes)) {
      const payload = bytes.subarray(head.start, head.start + head.length)
      bytes = bytes.subarray(head.start + payload.length)
      if (payload.length < head.length) this.#begin(head, payload)
      else frames.push({ opcode: head.opcode, final: head.final, payload })
    }
    this.#rest = bytes
    return frames
  }

  #begin(head: Head, first: Uint8Array): void {
    const payload = new Uint8Array(head.length)
    payload.set(first)
    this.#partial = { head, payload, filled: first.length }
  }

  /** What is left of the chunk. */
  #fill(partial: PartialFrame, chunk: Uint8Array, frames: Frame[]): Uint8Array {
    const { head, payload } = partial
    const part = chunk.subarray(0, payload.length - partial.filled)
    payload.set(part, partial.filled)
    partial.filled += part.length
    if (partial.filled === payload.length) {
      this.#partial = undefined
      frames.push({ opcode: head.opcode, final: head.final, payload })
    }
    return chunk.subarray(part.length)
  }
}

function readHead(bytes: Uint8Array): Head | undefined {
  const [first = 0, second = 0] = bytes
  if (bytes.length < 2) return undefined
  const opcode = first & 0x0f
  const final = (first & 0x80) !== 0
  const short = second & 0x7f
  const start = short === 127 ? 10 : short === 126 ? 4 : 2
  if ((first & 0x70) !== 0)
    throw new ProtocolError('the server sent a WebSocket frame of an extension that was not asked for')
  if ((second & 0x80) !== 0) throw new ProtocolError('the server sent a masked WebSocket frame')
  if (opcode >= opcodes.close && (!final || short > 125))
    throw new ProtocolError('the server sent a control frame in parts')
  if (bytes.length < start) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = short === 127 ? Number(view.getBigUint64(2)) : short === 126 ? view.getUint16(2) : short
  if (length > maxPayload) throw new ProtocolError('the server sent a WebSocket frame larger than 16 MiB')
  return { opcode, final, start, length }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}
