import { Duplex } from 'node:stream'
import type { KubeResponse, ResponseHeaders } from '../spec/request.ts'

/** Sockets that have left HTTP behind: no pool knows them any more, so closing them is ours to do. */
export class UpgradedSockets {
  readonly #open = new Set<Duplex>()

  /** The response that hands a socket over. */
  respond(headers: ResponseHeaders, socket: Duplex): KubeResponse {
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    const { readable, writable } = Duplex.toWeb(socket)
    return { status: 101, headers, body: none, cancel: () => void socket.destroy(), socket: { readable, writable } }
  }

  /** With a reason at once; without when all have ended by themselves. */
  async close(reason: Error | undefined): Promise<void> {
    const ends = [...this.#open].map((socket) => new Promise<void>((resolve) => socket.once('close', resolve)))
    if (reason !== undefined) for (const socket of this.#open) socket.destroy(reason)
    await Promise.all(ends)
  }
}

/** A 101 has no body. */
const none: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
}
