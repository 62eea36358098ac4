import type { KubeRequest } from '../spec/request.ts'

const key = Symbol('sent secrets')

type Tracked = KubeRequest & { readonly [key]?: SentSecrets }

/**
 * The secrets that a request was sent with, for whoever quotes its answer: the cache may hold newer ones by then. It travels
 * with the copies that middleware makes of a request, and shows nothing when one is logged.
 */
export class SentSecrets {
  #secrets: readonly string[] | undefined

  /** `undefined`: the request has not been sent, or a middleware has made another of it. A method, which no log calls. */
  read(): readonly string[] | undefined {
    return this.#secrets
  }

  note(values: readonly string[]): void {
    this.#secrets = values
  }
}

export function track(request: KubeRequest, secrets: SentSecrets): KubeRequest {
  const tracked: Tracked = { ...request, [key]: secrets }
  return tracked
}

export function sentSecrets(request: KubeRequest): SentSecrets | undefined {
  return (request as Tracked)[key] // a property that only this file can name
}
