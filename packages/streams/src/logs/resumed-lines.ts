import type { Client, RequestOptions } from '@kubeclient/core'
import { isKubeError } from '@kubeclient/core/spec'
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
  /** Asked when a connection is lost; otherwise the lines end there. @defaultValue true */
  readonly mayResume?: (() => boolean) | undefined
  /** @defaultValue waits that long */
  readonly delay?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined
}

/** What is known after the connections so far. */
interface Progress {
  readonly position: LogPosition
  wasOpen: boolean
  failures: number
}

/**
 * Lines of a log that goes on, behind the last one, after each lost connection: asks for the time of each line, begins again
 * at the last one, and passes over what it has seen. The log's own end is the end; a log that was never open fails as any call does.
 */
export async function* resumedLines(options: ResumeOptions): AsyncGenerator<string, void, undefined> {
  const progress: Progress = { position: new LogPosition(), wasOpen: false, failures: 0 }
  for (;;) {
    try {
      yield* newLines(options, progress)
      return
    } catch (error) {
      if (options.signal.aborted || !progress.wasOpen || !mayPass(error)) throw error
    }
    if (options.mayResume?.() === false) return
    progress.position.restart()
    await (options.delay ?? delay)(Math.min(firstDelayMs * 2 ** progress.failures, maxDelayMs), options.signal)
    progress.failures += 1
  }
}

/** A lost connection, and a server or a node that is away for a while; not a client that was closed. */
function mayPass(error: unknown): boolean {
  if (isKubeError(error, 'KUBE_API')) return error.status === 429 || error.status >= 500
  return isKubeError(error, 'KUBE_TRANSPORT') && !error.clientClosed
}

async function* newLines(options: ResumeOptions, progress: Progress): AsyncGenerator<string, void, undefined> {
  for await (const line of lines(timedChunks(options, progress))) {
    progress.failures = 0
    const [time = ''] = line.split(' ', 1)
    if (progress.position.advance(time)) yield options.timestamps ? line : withoutTime(line, time)
  }
}

/** What the kubelet says itself has no time. */
function withoutTime(line: string, time: string): string {
  return isTime.test(time) ? line.slice(time.length + 1) : line
}

const isTime = /^\d{4}-\d\d-\d\dT/

async function* timedChunks(
  { client, request, signal }: ResumeOptions,
  progress: Progress,
): AsyncGenerator<Uint8Array, void> {
  const { sinceTime } = progress.position
  const since = sinceTime === undefined ? {} : { sinceTime, sinceSeconds: undefined, tailLines: undefined }
  const response = await client.request({ ...request, query: { ...request.query, timestamps: true, ...since }, signal })
  progress.wasOpen = true
  yield* response.body
}
