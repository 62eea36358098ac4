import type { ConnectionOptions, KubeRequest, TransportFactory } from '../../src/spec/index.ts'
import { httpsTransport } from '../../src/transport/https-transport.ts'
import { undiciTransport } from '../../src/transport/undici-transport.ts'

/** Both transports of the package: they keep the same promises. */
export const transports: readonly (readonly [name: string, factory: TransportFactory])[] = [
  ['undici', undiciTransport],
  ['node:https', httpsTransport],
]

export function connectionTo(server: string, more: Partial<ConnectionOptions> = {}): ConnectionOptions {
  return {
    server: new URL(server),
    insecureSkipVerify: false,
    connectMs: 30_000,
    responseMs: 70_000,
    http2: false,
    ...more,
  }
}

export function get(path: string, more: Partial<KubeRequest> = {}): KubeRequest {
  return { method: 'GET', path, query: [], headers: {}, kind: 'unary', ...more }
}
