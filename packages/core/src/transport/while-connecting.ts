import type { Socket } from 'node:net'

export interface ConnectingOptions {
  /** Milliseconds. */
  readonly connectMs: number
  /** What it fails with after that time. */
  readonly late: Error
  /** Nobody wants the connection any more. */
  readonly signal: AbortSignal
}

/** Makes a connection of a socket, which is destroyed if that fails, takes too long, or is not wanted any more. */
export async function whileConnecting<T>(
  socket: Socket,
  { connectMs, late, signal }: ConnectingOptions,
  work: () => Promise<T>,
): Promise<T> {
  const end = (): void => void socket.destroy(new Error('the client is closed'))
  const timer = setTimeout(() => socket.destroy(late), connectMs)
  if (signal.aborted) end()
  signal.addEventListener('abort', end)
  try {
    return await work()
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}
