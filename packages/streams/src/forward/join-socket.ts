import type { Socket } from 'node:net'
import type { ForwardedPort } from './open-forward.ts'

/** Milliseconds without a byte, after which a connection is over whose client has said that it sends no more. */
const lingerMs = 30_000

/**
 * Moves bytes both ways until the pod has ended the connection. That the client sends no more cannot be told to the pod: what the
 * pod still says is delivered, until it falls silent, since most clients that end have left.
 *
 * @throws what the connection to the pod has failed with; the client sees a reset then, never an end that looks like one of the pod's
 */
export async function joinSocket(socket: Socket, forward: ForwardedPort, quietMs: number = lingerMs): Promise<void> {
  const leave = (): void => void forward.close()
  if (socket.destroyed) leave()
  else socket.once('close', leave)
  void toPod(socket, forward, quietMs)
  try {
    for await (const chunk of forward.readable) await write(socket, chunk)
  } catch (error) {
    if (socket.destroyed) return // the client left first
    socket.resetAndDestroy()
    throw error
  } finally {
    socket.off('close', leave)
    leave()
  }
  // Bytes of the client that nobody reads would turn the end into a reset.
  socket.resume().end()
  socket.setTimeout(quietMs, () => socket.destroy())
}

async function toPod(socket: Socket, forward: ForwardedPort, quietMs: number): Promise<void> {
  const writer = forward.writable.getWriter()
  writer.closed.catch(() => undefined) // the readable side says so
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) await writer.write(chunk as Uint8Array) // no encoding is set
    socket.setTimeout(quietMs, () => void forward.close())
  } catch {
    // Either side is gone, and the other way notices.
  }
}

/** Resolves when there is room for more; until the end of the connection there may be none. */
function write(socket: Socket, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const hasRoom = socket.write(chunk, (error) => {
      if (error === undefined || error === null) resolve()
      else reject(error)
    })
    if (hasRoom) resolve()
  })
}
