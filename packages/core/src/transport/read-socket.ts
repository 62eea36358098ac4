import type { Socket } from 'node:net'

/**
 * Bytes of a socket until `complete` says how many of them make up the answer; the rest is put back.
 *
 * @throws when the socket ends before, or the answer is longer than `limit` bytes.
 */
export async function readSocket(
  socket: Socket,
  limit: number,
  complete: (bytes: Buffer) => number | undefined,
): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0)
  for (;;) {
    const length = complete(bytes)
    if (length !== undefined) {
      if (length < bytes.length) socket.unshift(bytes.subarray(length))
      return bytes.subarray(0, length)
    }
    if (bytes.length > limit) throw new Error('its answer is too long')
    bytes = Buffer.concat([bytes, await nextChunk(socket)])
  }
}

async function nextChunk(socket: Socket): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null // no encoding is set
    if (chunk !== null) resolve(chunk)
  }
  const onEnd = (): void => reject(new Error('it closed the connection'))
  socket.on('readable', onReadable).once('error', reject).once('end', onEnd).once('close', onEnd)
  onReadable()
  try {
    return await promise
  } finally {
    socket.off('readable', onReadable).off('error', reject).off('end', onEnd).off('close', onEnd)
  }
}
