import type { KubeRequest, KubeResponse } from './request.ts'

/** The rest of the way: sends a request, and gives its response whatever its status. */
export type Handler = (request: KubeRequest) => Promise<KubeResponse>

/**
 * Sees every request of a client, watches and upgrades included, once per call: retries happen below it. It returns what `next`
 * gives, or a response of its own; nothing is a {@link ConfigError}. What it waits for by itself ends with `request.signal`.
 */
export type Middleware = (request: KubeRequest, next: Handler) => Promise<KubeResponse>
