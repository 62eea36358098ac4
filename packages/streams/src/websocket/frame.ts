/** Kinds of frames. @see RFC 6455 section 11.8 */
export const opcodes = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const

export interface Frame {
  readonly opcode: number
  readonly final: boolean
  readonly payload: Uint8Array
}

/**
 * A frame as a client sends it: whole, and masked.
 *
 * @see RFC 6455 section 5.2
 */
export function encodeFrame(opcode: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = payload
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const maskAt = 2 + lengthBytes
  const frame = new Uint8Array(maskAt + 4 + length)
  const view = new DataView(frame.buffer)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127)
  if (lengthBytes === 2) view.setUint16(2, length)
  if (lengthBytes === 8) view.setBigUint64(2, BigInt(length))
  crypto.getRandomValues(frame.subarray(maskAt, maskAt + 4))
  for (let index = 0; index < length; index++)
    frame[maskAt + 4 + index] = (payload[index] ?? 0) ^ (frame[maskAt + (index & 3)] ?? 0)
  return frame
}
