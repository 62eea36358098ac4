import type { Client, LabelSelector } from '@kubeclient/core'
import { InvalidRequestError, isExpired, isNotFound } from '@kubeclient/core/spec'
import { onceAborted } from '../abortable.ts'
import { endable } from '../endable.ts'
import { podPlace } from '../pod-target.ts'
import { podsOf } from '../pods.ts'
import { type LogPod, type StartedContainer, startedContainers } from './started-containers.ts'
import { Merged } from './merged-lines.ts'
import { logRequest } from './log-request.ts'
import type { PodLogsOptions } from './pod-logs-options.ts'
import { resumedLines } from './resumed-lines.ts'

/** Options of {@link followLogs}. Where a log begins is about containers that run already; of those that start later, all is read. */
export interface FollowLogsOptions extends Pick<
  PodLogsOptions,
  'sinceSeconds' | 'sinceTime' | 'tailLines' | 'timestamps' | 'signal'
> {
  /** @defaultValue the client's namespace */
  namespace?: string | undefined
  /** Only the containers of this name. @defaultValue all, also those that prepare a pod */
  container?: string | undefined
  /** Logs at the same time; each takes a connection. @defaultValue 50 */
  maxLogs?: number | undefined
  /** Told of a log that cannot be read; the others go on. @defaultValue the loop rejects */
  onError?: ((error: unknown, source: LogSource) => void) | undefined
}

/** Where a line comes from. */
export interface LogSource {
  readonly pod: string
  readonly container: string
}

/** A line, without its end. */
export interface LogLine extends LogSource {
  readonly text: string
  /** `[web-0/app] `, to print before it. */
  readonly prefix: string
}

const defaultMaxLogs = 50

/** The life of a container, from one start to the next, whose log is read or has been. */
interface Life {
  id: string
  /** Its reader has lost a connection: what it reads since then is the log of whatever life is the present one. */
  isResumed: boolean
}

/**
 * The logs of all containers of the pods that a selector matches, merged as they come, for as long as you read: of pods and containers that
 * start meanwhile too. Lost connections are resumed. The user needs `list` and `watch` on `pods`, and `get` on `pods/log`.
 *
 * Rejects with an {@link ApiError} for what the server refuses, and the reason of `signal`.
 */
export function followLogs(
  client: Client,
  selector: string | LabelSelector,
  options: FollowLogsOptions = {},
): AsyncIterable<LogLine> {
  return {
    [Symbol.asyncIterator]: () =>
      endable((signal) => new LogFollower(client, selector, { ...options, signal }).lines(), options.signal),
  }
}

class LogFollower {
  readonly #client: Client
  readonly #selector: string | LabelSelector
  readonly #options: FollowLogsOptions & { readonly signal: AbortSignal }
  readonly #merged = new Merged<LogLine>()
  /** The last of each container, by pod and name. */
  readonly #lives = new Map<string, Life>()
  #open = 0

  constructor(
    client: Client,
    selector: string | LabelSelector,
    options: FollowLogsOptions & { readonly signal: AbortSignal },
  ) {
    this.#client = client
    this.#selector = selector
    this.#options = options
  }

  async *lines(): AsyncGenerator<LogLine, void, undefined> {
    const { signal } = this.#options
    const unlink = onceAborted(signal, () => this.#merged.fail(signal.reason))
    this.#watch().catch((error: unknown) => this.#merged.fail(error))
    try {
      yield* this.#merged.values()
    } finally {
      unlink()
    }
  }

  async #watch(): Promise<void> {
    const { namespace, signal } = this.#options
    const pods = this.#client.resource(podsOf<LogPod>(), namespace === undefined ? {} : { namespace })
    const options = { labelSelector: this.#selector, signal }
    for (let isFirst = true; ; isFirst = false) {
      const { items, metadata } = await pods.list(options)
      for (const pod of items) this.#follow(pod, isFirst)
      try {
        for await (const { type, object } of pods.watch({ ...options, resourceVersion: metadata.resourceVersion }))
          if (type === 'DELETED') this.#forget(object)
          else this.#follow(object, false)
      } catch (error) {
        if (!isExpired(error)) throw error
      }
    }
  }

  /** Begins the logs of containers that have started, each once in its life. */
  #follow(pod: LogPod, isFirst: boolean): void {
    for (const container of startedContainers(pod)) {
      if (this.#options.container !== undefined && this.#options.container !== container.name) continue
      const key = `${container.podUid}/${container.name}`
      const life = this.#lives.get(key)
      if (life?.isResumed === true) life.id = container.life
      if (life?.id === container.life) continue
      const next = { id: container.life, isResumed: false }
      this.#lives.set(key, next)
      const mayResume = (): boolean => (next.isResumed = this.#lives.get(key) === next)
      void this.#read(container, isFirst, mayResume).then(() => (next.isResumed = false))
    }
  }

  #forget(pod: LogPod): void {
    for (const { podUid, name } of startedContainers(pod)) this.#lives.delete(`${podUid}/${name}`)
  }

  async #read(container: StartedContainer, isFirst: boolean, mayResume: () => boolean): Promise<void> {
    const { maxLogs = defaultMaxLogs, timestamps = false, signal, sinceSeconds, sinceTime, tailLines } = this.#options
    const client = this.#client
    const source = { pod: container.pod.metadata.name, container: container.name }
    const from = isFirst ? { sinceSeconds, sinceTime, tailLines } : {}
    this.#open += 1
    try {
      if (this.#open > maxLogs)
        throw new InvalidRequestError(`more than ${maxLogs} containers match: select fewer, or raise \`maxLogs\``)
      const place = podPlace(container.pod, undefined, client)
      const request = logRequest(place, { container: container.name, ...from, follow: true })
      for await (const text of resumedLines({ client, request, timestamps, signal, mayResume }))
        await this.#merged.push({ ...source, text, prefix: `[${source.pod}/${source.container}] ` })
    } catch (error) {
      if (signal.aborted || isNotFound(error)) return // a pod that is gone has no more lines
      this.#fail(error, source)
    } finally {
      this.#open -= 1
    }
  }

  #fail(error: unknown, source: LogSource): void {
    const { onError } = this.#options
    try {
      if (onError === undefined) throw error
      onError(error, source)
    } catch (fault) {
      this.#merged.fail(fault)
    }
  }
}
