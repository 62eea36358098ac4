import type { KubeRequest, KubeResponse } from './request.ts'

export type Handler = (request: KubeRequest) => Promise<KubeResponse>

/** Sees every request of a client, watches and upgrades included, once per call: retries happen below it. */
export type Middleware = (request: KubeRequest, next: Handler) => Promise<KubeResponse>
