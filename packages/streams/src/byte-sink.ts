import { InvalidRequestError } from '@kubeclient/core/spec'

/** Where bytes go; a promise, or a Node Writable that has not taken the last chunk yet, holds the sender back. */
export type ByteSink = WritableStream<Uint8Array> | NodeWritable | ((chunk: Uint8Array) => void | Promise<void>)

/** The part of a Node `Writable` that is used. It is not ended. */
export interface NodeWritable {
  write(chunk: Uint8Array, taken: (error?: Error | null) => void): boolean
  once(event: 'close' | 'error', listener: (error?: Error) => void): unknown
  off(event: 'close' | 'error', listener: (error?: Error) => void): unknown
}

/** An open sink. */
export interface OpenSink {
  /** Resolves when it takes more. */
  write(chunk: Uint8Array): Promise<void>
  /** Lets go of it; a stream of the caller's stays open. */
  release(): void
}

/**
 * Opens a sink, and tells if it fails between two writes.
 *
 * @throws {@link InvalidRequestError} for what is none, or is another's
 */
export function openSink(sink: ByteSink, onFailure: (error: unknown) => void): OpenSink {
  if (typeof sink === 'function') return { write: async (chunk) => sink(chunk), release: () => undefined }
  if (typeof sink !== 'object' || sink === null || !('getWriter' in sink || 'write' in sink))
    throw new InvalidRequestError('what takes the output is neither a stream nor a function')
  if (!('getWriter' in sink)) return nodeSink(sink, onFailure)
  if (sink.locked)
    throw new InvalidRequestError('the stream that takes the output is locked: stdout and stderr need one each')
  return webSink(sink.getWriter(), onFailure)
}

function webSink(writer: WritableStreamDefaultWriter<Uint8Array>, onFailure: (error: unknown) => void): OpenSink {
  let isReleased = false
  writer.closed.catch((error: unknown) => {
    if (!isReleased) onFailure(error)
  })
  return {
    write: (chunk) => writer.write(chunk),
    release() {
      isReleased = true
      writer.releaseLock()
    },
  }
}

function nodeSink(stream: NodeWritable, onFailure: (error: unknown) => void): OpenSink {
  const fail = (error?: Error): void => onFailure(error ?? new Error('the stream that takes the output was closed'))
  // Also takes the `error` event that follows a write that failed: without a listener it would end the process.
  stream.once('error', fail)
  stream.once('close', fail)
  let hasFailed = false
  return {
    write: (chunk) =>
      new Promise((resolve, reject) => {
        stream.write(chunk, (error) => {
          if (error === undefined || error === null) return resolve()
          hasFailed = true
          reject(error)
        })
      }),
    release() {
      stream.off('close', fail)
      if (!hasFailed) stream.off('error', fail)
    },
  }
}
