import type { KubeRequest } from '../spec/request.ts'
import type { SendAs } from '../transport/authenticate.ts'

/**
 * The writes that may have reached the server and have not been answered, by the signals of their calls: a copy that
 * middleware makes of a request keeps its signal. A write that waits for credentials or its next attempt is not among them.
 */
export class WritesUnderWay {
  readonly #signals = new WeakSet<AbortSignal>()

  has(signal: AbortSignal): boolean {
    return this.#signals.has(signal)
  }

  /** The same way to send, seen from here. */
  watching(send: SendAs): SendAs {
    return (request, credentials) => {
      const { signal } = request
      return signal === undefined || !writes(request)
        ? send(request, credentials)
        : this.during(signal, () => send(request, credentials))
    }
  }

  async during<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    this.#signals.add(signal)
    try {
      return await work()
    } finally {
      this.#signals.delete(signal)
    }
  }
}

export function writes({ method }: Pick<KubeRequest, 'method'>): boolean {
  return method !== 'GET' && method !== 'HEAD'
}
