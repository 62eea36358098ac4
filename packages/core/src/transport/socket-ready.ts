import type { Socket } from 'node:net'

/** Resolves at the event; rejects with what went wrong before. */
export function socketReady(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const closed = (): void => reject(new Error('the connection was closed before it was ready'))
  socket.once(event, resolve).once('error', reject).once('close', closed)
  return promise.finally(() => {
    socket.off(event, resolve).off('error', reject).off('close', closed)
  })
}
