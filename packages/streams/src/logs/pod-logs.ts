import type { Client } from '@kubeclient/core'
import { endable } from '../endable.ts'
import { type PodTarget, podPlace } from '../pod-target.ts'
import { lines } from './lines.ts'
import { logRequest } from './log-request.ts'
import type { PodLogsOptions } from './pod-logs-options.ts'
import { resumedLines } from './resumed-lines.ts'

/** A log: lines without their ends, in a `for await`. Opens nothing until it is read, and is read anew each time. */
export interface PodLogs extends AsyncIterable<string> {
  /** All of it. Not for logs that are followed: those end when the container does. */
  text(): Promise<string>
  /** As it comes, not cut into lines. Does not resume. */
  bytes(): AsyncIterable<Uint8Array>
}

/**
 * The log of a container.
 *
 * Reading it rejects with an {@link ApiError} for what the server refuses, a {@link TransportError} for a connection that is lost,
 * and the reason of `signal` when that aborts. A log that is followed has no time limit, and ends when the container does.
 *
 * @throws {@link InvalidRequestError} for names and options that no server takes
 */
export function podLogs(client: Client, pod: PodTarget, options: PodLogsOptions = {}): PodLogs {
  const request = logRequest(podPlace(pod, options.namespace, client), options)
  const { signal, resume = false, timestamps = false } = options
  const open = (until: AbortSignal) => chunks(client, { ...request, signal: until })
  return {
    [Symbol.asyncIterator]: () =>
      endable(
        (until) => (resume ? resumedLines({ client, request, timestamps, signal: until }) : lines(open(until))),
        signal,
      ),
    text: async () => (await client.request(request)).text(),
    bytes: () => ({ [Symbol.asyncIterator]: () => endable(open, signal) }),
  }
}

async function* chunks(client: Client, request: Parameters<Client['request']>[0]): AsyncGenerator<Uint8Array, void> {
  const response = await client.request(request)
  yield* response.body
}
