import type { ClientCertificate, CredentialProvider, Credentials } from './credentials.ts'
import type { Middleware } from './middleware.ts'
import type { RequestSummary } from './request.ts'
import type { TransportFactory } from './transport.ts'

/** Plain data and functions; spread it to change one field. */
export interface ClientConfig {
  /** A path prefix is kept: `https://host/k8s/clusters/c-1`. */
  readonly server: string | URL
  readonly tls?: TlsOptions | undefined
  /** Absent: anonymous, and only then. Their client certificate wins over that of `tls`. */
  readonly credentials?: Credentials | CredentialProvider | (() => Promise<Credentials>) | undefined
  readonly impersonate?: Impersonation | undefined
  /** Used when a namespaced call names none. @defaultValue 'default' */
  readonly namespace?: string | undefined
  /** `http:`, `https:` or `socks5:`; `env` honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY. @defaultValue 'env' */
  readonly proxy?: 'env' | (string & {}) | URL | false | undefined
  /** WARNING: sends credentials or impersonation in clear text to a host that is not loopback. @defaultValue false */
  readonly allowInsecureCredentials?: boolean | undefined
  readonly timeouts?: Timeouts | undefined
  /** `false`: one attempt. */
  readonly retry?: RetryOptions | false | undefined
  /** Unary calls and watches only; upgrades are HTTP/1.1. @defaultValue false */
  readonly http2?: boolean | undefined
  /** Shares or persists what discovery learned. @defaultValue in memory, per client */
  readonly discoveryCache?: DiscoveryCache | undefined
  /** 0: a redirect is an {@link ApiError}. @defaultValue 10 */
  readonly maxRedirects?: number | undefined
  /** The first sees the request first and the response last. */
  readonly middleware?: readonly Middleware[] | undefined
  /** Default manager of writes. @defaultValue 'kubeclient' */
  readonly fieldManager?: string | undefined
  /** Put before our own product token. */
  readonly userAgent?: string | undefined
  /** Told of each `Warning: 299` text once. */
  readonly onWarning?: ((warning: ApiWarning) => void) | undefined
  /** @defaultValue the one of the entry point */
  readonly transport?: TransportFactory | undefined
}

export interface TlsOptions {
  /** PEM bundle; every certificate is trusted. A function is asked again every 5 minutes and on a failed handshake. @defaultValue the system's */
  readonly ca?: string | (() => Promise<string>) | undefined
  readonly clientCertificate?: ClientCertificate | undefined
  /** Sent as SNI and verified instead of the host name. */
  readonly serverName?: string | undefined
  /** WARNING: anybody on the way can read and change everything. Excludes `ca`. @defaultValue false */
  readonly insecureSkipVerify?: boolean | undefined
}

export interface Impersonation {
  readonly user: string
  readonly uid?: string | undefined
  readonly groups?: readonly string[] | undefined
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined
}

/** Never applied to an open watch, log or exec, and to a stream that is no watch not even before its head. */
export interface Timeouts {
  /** Milliseconds, TCP and TLS together. @defaultValue 30_000 */
  readonly connectMs?: number | undefined
  /** Milliseconds, for each attempt's response head, that of a watch included, and each silence in a body. @defaultValue 70_000 */
  readonly responseMs?: number | undefined
}

export interface RetryOptions {
  /** The first included. @defaultValue 5 */
  readonly maxAttempts?: number | undefined
  /** Milliseconds; caps Retry-After too. @defaultValue 60_000 */
  readonly maxDelayMs?: number | undefined
  /** Milliseconds, for all attempts and waits. @defaultValue 120_000 */
  readonly totalMs?: number | undefined
}

/** A string store. Keys contain the server's origin; values are opaque and hold no secret. */
export interface DiscoveryCache {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<void>
  delete(key: string): Promise<void>
}

export interface ApiWarning {
  readonly code: number
  readonly agent: string
  readonly text: string
  readonly request: RequestSummary
}
