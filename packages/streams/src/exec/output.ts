import { ProtocolError } from '@kubeclient/core/spec'
import { type ByteSink, openSink } from '../byte-sink.ts'

/** Bytes that wait for a slow sink before the connection is read no further. */
const highWater = 1024 * 1024

/** Where what a command prints on one channel goes. */
export interface Output {
  /** Resolves when more may come. */
  write(chunk: Uint8Array): Promise<void>
  /** Resolves when all has arrived. */
  finish(): Promise<void>
  /** Lets go of the sink. Idempotent. */
  release(): void
  /** What was collected. */
  text(): string
}

/** Hands on to a sink, ahead of it by 1 MiB at most: a slow sink of one channel does not hold up the other at once. */
export function sinkOutput(sink: ByteSink, onFailure: (error: unknown) => void): Output {
  const open = openSink(sink, onFailure)
  let waiting = 0
  let isReleased = false
  let last: Promise<void> = Promise.resolve()
  const writeAfter = async (before: Promise<void>, chunk: Uint8Array): Promise<void> => {
    await before
    if (isReleased) throw new Error('the session is over') // nobody waits for it, and the sink is the caller's again
    await open.write(chunk)
    waiting -= chunk.length
  }
  return {
    async write(chunk) {
      waiting += chunk.length
      last = writeAfter(last, chunk)
      last.catch((error: unknown) => {
        if (!isReleased) onFailure(error)
      })
      if (waiting > highWater) await last
    },
    finish: () => last,
    release() {
      isReleased = true
      open.release()
    },
    text: () => '',
  }
}

/** Keeps it. @throws {@link ProtocolError} for more than was agreed on */
export function collectOutput(name: string, maxBytes: number): Output {
  const chunks: Uint8Array[] = []
  let length = 0
  return {
    async write(chunk) {
      length += chunk.length
      if (length > maxBytes)
        throw new ProtocolError(
          `the command wrote more than ${maxBytes} bytes to ${name}: give \`${name}\` a sink, or raise \`maxCollectedBytes\``,
        )
      chunks.push(chunk)
    },
    finish: () => Promise.resolve(),
    release: () => undefined,
    text() {
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
      return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode()
    },
  }
}
