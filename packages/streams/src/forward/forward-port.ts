import type { Client } from '@kubeclient/core'
import { isKubeError } from '@kubeclient/core/spec'
import { type ForwardedPort, openForward } from './open-forward.ts'
import { remotePort } from './port-spec.ts'
import type { PortTarget } from './port-target.ts'
import { type PodPort, type ResolveOptions, resolveTarget } from './resolve-target.ts'

/** Options of {@link forwardPort}. */
export interface ForwardPortOptions {
  /** @defaultValue the target's own, or the client's namespace */
  namespace?: string | undefined
  /** Ends it at once; what waits rejects with its reason. */
  signal?: AbortSignal | undefined
}

/**
 * One connection to one port of a pod, of a ready pod of a service, or of what owns pods. On Node, `forwardSocket` of
 * `@kubeclient/streams/node` gives a Duplex.
 *
 * Rejects with an {@link ApiError} when the server refuses. The user needs the verbs `get` and `create` on `pods/portforward`.
 *
 * @throws {@link InvalidRequestError} for a target without a ready pod, and a port that it does not have
 */
export async function forwardPort(
  client: Client,
  target: PortTarget,
  port: number | string,
  options: ForwardPortOptions = {},
): Promise<ForwardedPort> {
  return openForward(client, await resolveTarget(client, target, remotePort(port), options), options.signal)
}

/** Connects again and again to the pod that a target meant at first; when that is gone, to the one that it means then. */
export class ForwardRoute {
  readonly #client: Client
  readonly #target: PortTarget
  readonly #port: number | string
  readonly #options: ResolveOptions
  #resolved: Promise<PodPort> | undefined

  constructor(client: Client, target: PortTarget, port: number | string, options: ResolveOptions) {
    this.#client = client
    this.#target = target
    this.#port = port
    this.#options = options
  }

  resolve(): Promise<PodPort> {
    this.#resolved ??= resolveTarget(this.#client, this.#target, this.#port, this.#options).catch((error: unknown) => {
      this.#resolved = undefined
      throw error
    })
    return this.#resolved
  }

  async open(): Promise<ForwardedPort> {
    const place = this.resolve()
    try {
      return await openForward(this.#client, await place, this.#options.signal)
    } catch (error) {
      if (!isKubeError(error, 'KUBE_API')) throw error
      if (this.#resolved === place) this.#resolved = undefined
      const [before, now] = [await place, await this.resolve()]
      if (before.pod.name === now.pod.name) throw error
      return openForward(this.#client, now, this.#options.signal)
    }
  }
}
