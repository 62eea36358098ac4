import type { ClientCertificate } from './credentials.ts'
import type { ByteDuplex, KubeRequest, KubeResponse, ResponseHeaders } from './request.ts'

/** Sends requests over connections of one kind. */
export interface Transport {
  /** Resolves with the response head, for every status. @throws {@link TransportError} */
  send(request: KubeRequest): Promise<KubeResponse>
  /**
   * Takes no further request, and resolves when the connections are closed: without a reason once everything in flight has
   * ended by itself, streams included; with one at once, and what is in flight rejects with it.
   */
  close(reason?: Error): Promise<void>
}

/** Called once per client, and again for a new client certificate or CA, and for the target of a cross-origin redirect. */
export type TransportFactory = (connection: ConnectionOptions) => Transport

/** Everything a transport must honour or refuse with a {@link ConfigError} that names it. */
export interface ConnectionOptions {
  /** Origin and path prefix. */
  readonly server: URL
  readonly ca?: string
  readonly clientCertificate?: ClientCertificate
  readonly serverName?: string
  readonly insecureSkipVerify: boolean
  /** The proxy for {@link server}, already chosen. */
  readonly proxy?: URL
  /** Milliseconds. */
  readonly connectMs: number
  /** Milliseconds, for the head and each silence in the body of unary requests, and for the head of a watch. */
  readonly responseMs: number
  readonly http2: boolean
}

/** A WebSocket handshake that succeeded; framing is the caller's. */
export interface UpgradedConnection extends ByteDuplex, AsyncDisposable {
  /** The subprotocol that the server chose, one of those offered. */
  readonly protocol: string
  readonly headers: ResponseHeaders
  /** Destroys the socket. Idempotent. */
  close(): Promise<void>
}
