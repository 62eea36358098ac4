import { ProtocolError } from '@kubeclient/core'
import { type Frame, opcodes } from './frame.ts'

/** Bytes. API servers send 32 KiB at a time; more than this is no stream of a container. */
const maxPayload = 16 * 1024 * 1024

/** Cuts what a server sends into frames, wherever it was split on the way. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array()

  /** The frames that are whole now. @throws {@link ProtocolError} */
  push(chunk: Uint8Array): Frame[] {
    this.#rest = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk)
    const frames: Frame[] = []
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame)
    return frames
  }

  #next(): Frame | undefined {
    const head = readHead(this.#rest)
    if (head === undefined || this.#rest.length < head.start + head.length) return undefined
    const end = head.start + head.length
    const payload = this.#rest.subarray(head.start, end)
    this.#rest = this.#rest.subarray(end)
    return { opcode: head.opcode, final: head.final, payload }
  }
}

interface Head {
  readonly opcode: number
  readonly final: boolean
  readonly start: number
  readonly length: number
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
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}
