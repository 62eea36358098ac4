import type { ClientCertificate, CredentialProvider, Credentials } from './credentials.ts'
import type { Middleware } from './middleware.ts'
import type { RequestSummary } from './request.ts'
import type { TransportFactory } from './transport.ts'

/** Plain data and functions; spread it to change one field. */
export interface ClientConfig {
  /** A path prefix is kept: `https://host/k8s/clusters/c-1`. */
  readonly server: string | URL
  /** @defaultValue verified against the system's CAs */
  readonly tls?: TlsOptions | undefined
  /** Absent: anonymous, and only then. Their client certificate wins over that of `tls`. */
  readonly credentials?: Credentials | CredentialProvider | (() => Promise<Credentials>) | undefined
  /** Whom the user of the credentials acts as. */
  readonly impersonate?: Impersonation | undefined
  /** Used when a namespaced call names none. @defaultValue 'default' */
  readonly namespace?: string | undefined
  /** `http:`, `https:` or `socks5:`; `env` honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY. @defaultValue 'env' */
  readonly proxy?: 'env' | (string & {}) | URL | false | undefined
  /** WARNING: sends credentials or impersonation in clear text to a host that is not loopback. @defaultValue false */
  readonly allowInsecureCredentials?: boolean | undefined
  /** Of each attempt; `timeoutMs` of a call bounds the whole call. */
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
  /** Told of each `Warning: 299` text once. What it throws is dropped: the call has succeeded, and its write been applied. */
  readonly onWarning?: ((warning: ApiWarning) => void) | undefined
  /** @defaultValue the one of the entry point */
  readonly transport?: TransportFactory | undefined
}

/** How the server's certificate is verified, and what it is shown. */
export interface TlsOptions {
  /** PEM bundle; every certificate is trusted. A function is asked again every 5 minutes and on a failed handshake, and has 60 s. @defaultValue the system's */
  readonly ca?: string | (() => Promise<string>) | undefined
  /** Shown to the server; that of the credentials wins over it. */
  readonly clientCertificate?: ClientCertificate | undefined
  /** Sent as SNI and verified instead of the host name. */
  readonly serverName?: string | undefined
  /** WARNING: anybody on the way can read and change everything. Excludes `ca`. @defaultValue false */
  readonly insecureSkipVerify?: boolean | undefined
}

/**
 * Whom to act as. The user of the credentials needs the right to `impersonate` each part of it.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export interface Impersonation {
  /** Name, as in `system:serviceaccount:default:robot`; needed for the other parts. */
  readonly user: string
  /** Of the user, where the authorizer looks at it. @defaultValue none */
  readonly uid?: string | undefined
  /** All groups of the user but `system:authenticated`, which the server adds. @defaultValue those that the server gives a service account, else none */
  readonly groups?: readonly string[] | undefined
  /** What else the authorizer may look at; keys in any characters, compared in lower case. @defaultValue none */
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined
}

/** Never applied to an open watch, log or exec, and to a stream that is no watch not even before its head. */
export interface Timeouts {
  /** Milliseconds, TCP and TLS together. @defaultValue 30_000 */
  readonly connectMs?: number | undefined
  /** Milliseconds, for each attempt's response head, that of a watch included, and each silence in a body. @defaultValue 70_000 */
  readonly responseMs?: number | undefined
}

/** What the client repeats by itself where that is safe. */
export interface RetryOptions {
  /** The first included. @defaultValue 5 */
  readonly maxAttempts?: number | undefined
  /** Milliseconds; caps Retry-After too. @defaultValue 60_000 */
  readonly maxDelayMs?: number | undefined
  /**
   * Milliseconds from the first attempt, after which none begins. It ends no attempt that is under way: `timeouts` do that, and
   * `timeoutMs` of a call.
   *
   * @defaultValue 120_000
   */
  readonly totalMs?: number | undefined
}

/**
 * A string store. Keys contain the server's origin; values are opaque and hold no secret. It is only a cache: what fails, what is
 * not there within five seconds, and what does not look like what was stored is as good as none, and the server is asked.
 */
export interface DiscoveryCache {
  /** `undefined`: nothing is stored. */
  get(key: string): Promise<string | undefined>
  /** Nobody waits for it. */
  set(key: string, value: string): Promise<void>
  /** Of a value that was no good. Nobody waits for it. */
  delete(key: string): Promise<void>
}

/** A `Warning` header of a response. @see https://kubernetes.io/docs/reference/using-api/deprecation-policy/ */
export interface ApiWarning {
  /** 299. */
  readonly code: number
  /** Who says so; `-` where nobody is named. */
  readonly agent: string
  /** The server's words, credentials masked. */
  readonly text: string
  /** What was asked for. */
  readonly request: RequestSummary
}
