/** Kinds of frames. @see RFC 6455 section 11.8 */
export const opcodes = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const

export interface Frame {
  readonly opcode: number
  readonly final: boolean
  readonly payload: Uint8Array
}

/** Bytes of the longest head: two, eight for the length, four for the mask. */
const maxHead = 16

/**
 * A frame as a client sends it: whole, and masked.
 *
 * @see RFC 6455 section 5.2
 */
export function encodeFrame(opcode: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = payload
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8
  // The payload begins at a multiple of four, so that the mask goes over words.
  const buffer = new ArrayBuffer(maxHead + Math.ceil(length / 4) * 4)
  const start = maxHead - 6 - lengthBytes
  const view = new DataView(buffer)
  view.setUint8(start, 0x80 | opcode)
  view.setUint8(start + 1, 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127))
  if (lengthBytes === 2) view.setUint16(start + 2, length)
  if (lengthBytes === 8) view.setBigUint64(start + 2, BigInt(length))
  crypto.getRandomValues(new Uint8Array(buffer, maxHead - 4, 4))
  new Uint8Array(buffer, maxHead, length).set(payload)
  mask(buffer)
  return new Uint8Array(buffer, start, maxHead - start + length)
}

/** Also over the one to three bytes behind the payload, which are not sent. */
function mask(buffer: ArrayBuffer): void {
  const [key = 0] = new Uint32Array(buffer, maxHead - 4, 1)
  const words = new Uint32Array(buffer, maxHead)
  for (let index = 0; index < words.length; index++) words[index] = (words[index] ?? 0) ^ key
}
