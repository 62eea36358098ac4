import type { KubeRequest } from '../spec/request.ts'
import type { SendAs } from './authenticate.ts'

const key = Symbol('progress')

/** Of a write that has been given to a transport. */
interface Progress {
  /** For a connection: nothing of it has been sent. A transport that cannot tell does not say so. */
  waits: boolean
}

type Tracked = KubeRequest & { readonly [key]?: Progress }

/** Said by a transport when it takes a request, and again when a connection has it. */
export function waitsForConnection(request: KubeRequest, waits: boolean): void {
  const progress = (request as Tracked)[key] // a property that only this file can name
  if (progress !== undefined) progress.waits = waits
}

/**
 * The writes that may have reached the server and have not been answered, by the signals of their calls: a copy that
 * middleware makes of a request keeps its signal. A write that waits for credentials, a connection or its next attempt is
 * not among them.
 */
export class WritesUnderWay {
  readonly #progress = new WeakMap<AbortSignal, Progress>()

  has(signal: AbortSignal): boolean {
    return this.#progress.get(signal)?.waits === false
  }

  /** The same way to send, seen from here. */
  watching(send: SendAs): SendAs {
    return (request, credentials) => {
      const { signal } = request
      if (signal === undefined || !writes(request)) return send(request, credentials)
      return this.during(signal, (progress) => {
        const tracked: Tracked = { ...request, [key]: progress }
        return send(tracked, credentials)
      })
    }
  }

  async during<T>(signal: AbortSignal, work: (progress: Progress) => Promise<T>): Promise<T> {
    const progress = { waits: false }
    this.#progress.set(signal, progress)
    try {
      return await work(progress)
    } finally {
      this.#progress.delete(signal)
    }
  }
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a request may change something; an upgrade, whose method is GET, may run a command. */
export function writes({ method, kind }: Pick<KubeRequest, 'method' | 'kind'>): boolean {
  return kind === 'upgrade' || !safe.has(method)
}
