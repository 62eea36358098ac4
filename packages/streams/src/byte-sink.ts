/** Where bytes go; a promise, or a Node Writable's `false`, holds the sender back. */
export type ByteSink = WritableStream<Uint8Array> | NodeWritable | ((chunk: Uint8Array) => void | Promise<void>)

/** The part of a Node `Writable` that is used. It is not ended. */
export interface NodeWritable {
  write(chunk: Uint8Array): boolean
  once(event: 'drain' | 'close' | 'error', listener: (error?: Error) => void): unknown
  off(event: 'drain' | 'close' | 'error', listener: (error?: Error) => void): unknown
}

/** An open sink. */
export interface OpenSink {
  /** Resolves when it takes more. */
  write(chunk: Uint8Array): Promise<void>
  /** Lets go of it; a stream of the caller's stays open. */
  release(): void
}

export function openSink(sink: ByteSink): OpenSink {
  if (typeof sink === 'function') return { write: async (chunk) => sink(chunk), release: () => undefined }
  if ('getWriter' in sink) return webSink(sink.getWriter())
  return { write: (chunk) => writeNode(sink, chunk), release: () => undefined }
}

function webSink(writer: WritableStreamDefaultWriter<Uint8Array>): OpenSink {
  return { write: (chunk) => writer.write(chunk), release: () => writer.releaseLock() }
}

function writeNode(stream: NodeWritable, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error): void => {
      for (const event of ['drain', 'close', 'error'] as const) stream.off(event, done)
      if (error instanceof Error) reject(error)
      else resolve()
    }
    for (const event of ['drain', 'close', 'error'] as const) stream.once(event, done)
    if (stream.write(chunk)) done()
  })
}
