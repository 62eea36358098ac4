import {
  type Client,
  type ClientConfig,
  type ConnectionOptions,
  createClient,
  type KubeRequest,
  type TransportFactory,
} from '../../src/index.ts'
import { createClient as createFetchClient } from '../../src/fetch.ts'
import { createClient as createLiteClient } from '../../src/lite.ts'
import { fetchTransport } from '../../src/transport/fetch-transport.ts'
import { httpsTransport } from '../../src/transport/https-transport.ts'
import { undiciTransport } from '../../src/transport/undici-transport.ts'

/** The transports that open their own connections: they keep the same promises. */
export const transports: readonly (readonly [name: string, factory: TransportFactory])[] = [
  ['undici', undiciTransport],
  ['node:https', httpsTransport],
]

/** One of the package's entries. */
export interface Entry {
  readonly name: string
  readonly factory: TransportFactory
  readonly createClient: (config: ClientConfig) => Client
  /** A fetch decides itself about TLS, proxies and how many connections there are: see `limits.test.ts`. */
  readonly ownsConnections: boolean
}

const [undici, https, fetch] = [undiciTransport, httpsTransport, fetchTransport(globalThis.fetch)]

export const entries: readonly Entry[] = [
  { name: 'undici', factory: undici, createClient, ownsConnections: true },
  { name: 'node:https', factory: https, createClient: createLiteClient, ownsConnections: true },
  { name: 'fetch', factory: fetch, createClient: createFetchClient, ownsConnections: false },
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

export function stream(path: string, more: Partial<KubeRequest> = {}): KubeRequest {
  return get(path, { kind: 'stream', ...more })
}
