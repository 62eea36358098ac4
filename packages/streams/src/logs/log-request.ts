import type { RequestOptions } from '@kubeclient/core'
import { InvalidRequestError } from '@kubeclient/core/spec'
import { type PodPlace, podPath } from '../pod-target.ts'
import type { PodLogsOptions } from './pod-logs-options.ts'

/**
 * The request for a log, as a stream.
 *
 * @throws {@link InvalidRequestError} for options that exclude each other, or are no whole numbers
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod
 */
export function logRequest(place: PodPlace, options: PodLogsOptions): RequestOptions {
  const { container, follow, previous, sinceSeconds, sinceTime, tailLines, limitBytes, timestamps, stream } = options
  if (sinceSeconds !== undefined && sinceTime !== undefined)
    throw new InvalidRequestError('a log is read from sinceSeconds or from sinceTime on: give one of them')
  if (options.resume === true && follow !== true)
    throw new InvalidRequestError('resume is for logs that are followed: give follow as well')
  if (options.resume === true && limitBytes !== undefined)
    throw new InvalidRequestError('limitBytes counts anew after each lost connection: give it, or resume')
  const query = {
    container,
    follow,
    previous,
    sinceSeconds: wholeNumber(sinceSeconds, 'sinceSeconds', 1),
    sinceTime: sinceTime === undefined ? undefined : timeText(sinceTime),
    tailLines: wholeNumber(tailLines, 'tailLines', 0),
    limitBytes: wholeNumber(limitBytes, 'limitBytes', 1),
    timestamps,
    stream,
  }
  return { path: podPath(place, 'log'), query, stream: true, headers: { accept: '*/*' }, signal: options.signal }
}

function wholeNumber(value: number | undefined, name: string, least: number): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value
  throw new InvalidRequestError(`${name} is ${value}: it is a whole number, ${least} or more`)
}

function timeText(time: Date | string): string {
  const date = new Date(time)
  const isWritten = typeof time !== 'string' || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(time)
  if (isWritten && !Number.isNaN(date.getTime())) return typeof time === 'string' ? time : date.toISOString()
  throw new InvalidRequestError(`sinceTime is ${JSON.stringify(time)}: it is a Date, or RFC 3339 text`)
}
