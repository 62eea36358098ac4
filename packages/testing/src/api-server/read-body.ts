import type { IncomingMessage } from 'node:http'
import { bodyTooLarge } from './status-failure.ts'

/** As the API server has it. */
const maxBodyBytes = 3 * 1024 * 1024

/** @throws {@link StatusFailure} 413 as soon as there is too much; the rest is not read */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    // A cast: without an encoding, a request's chunks are buffers.
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > maxBodyBytes) throw bodyTooLarge(maxBodyBytes)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString()
}
