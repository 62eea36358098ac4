import { type Client, isKubeError, type RequestOptions } from '@kubeclient/core'
import { delay } from '../delay.ts'
import { lines } from './lines.ts'
import { LogPosition } from './log-position.ts'

const firstDelayMs = 800
const maxDelayMs = 30_000

export interface ResumeOptions {
  readonly client: Client
  readonly request: RequestOptions
  /** Whether the caller wants the times too. */
  readonly timestamps: boolean
  readonly signal: AbortSignal
}

/**
 * Lines of a log that goes on, behind the last one, after each lost connection: asks for the time of each line, begins again
 * at the last one, and passes over what it has seen. The log's own end is the end.
 */
export async function* resumedLines(options: ResumeOptions): AsyncGenerator<string, void, undefined> {
  const position = new LogPosition()
  for (let failures = 0; ; failures++) {
    try {
      for await (const line of lines(timedChunks(options, position))) {
        failures = 0
        const space = line.indexOf(' ')
        if (position.advance(line.slice(0, space))) yield options.timestamps ? line : line.slice(space + 1)
      }
      return
    } catch (error) {
      if (options.signal.aborted || !isKubeError(error, 'KUBE_TRANSPORT')) throw error
    }
    position.restart()
    await delay(Math.min(firstDelayMs * 2 ** failures, maxDelayMs), options.signal)
  }
}

async function* timedChunks(
  { client, request, signal }: ResumeOptions,
  { sinceTime }: LogPosition,
): AsyncGenerator<Uint8Array, void> {
  const since = sinceTime === undefined ? {} : { sinceTime, sinceSeconds: undefined, tailLines: undefined }
  const response = await client.request({ ...request, query: { ...request.query, timestamps: true, ...since }, signal })
  yield* response.body
}
