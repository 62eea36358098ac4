import { text } from 'node:stream/consumers'
import { ConfigError } from '@kubeclient/core/spec'
import { maxLength } from './parse-manifests.ts'

/** All of a stream as text, unless it is more than is parsed: it may have no end. @throws {@link ConfigError} */
export function readText(stream: AsyncIterable<Buffer>, name: string): Promise<string> {
  return text(bounded(stream, name))
}

async function* bounded(stream: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > maxLength) throw new ConfigError(`${name} is larger than 64 MiB`)
    yield chunk
  }
}
