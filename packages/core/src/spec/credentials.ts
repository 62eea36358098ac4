/** What a provider hands to the transport. Absent fields leave the request unchanged. */
export interface Credentials {
  /** Bearer token, without the `Bearer ` prefix. */
  readonly token?: string | undefined
  /** HTTP Basic; excludes `token`. */
  readonly basic?: { readonly username: string; readonly password: string } | undefined
  /** PEM pair for mutual TLS; may come with a token. A new pair opens new connections. */
  readonly clientCertificate?: ClientCertificate | undefined
  /** After this instant the credentials are refused. Absent: they do not expire. */
  readonly expiresAt?: Date | undefined
}

/** A client certificate and its private key, in PEM. */
export interface ClientCertificate {
  /** PEM, leaf first. */
  readonly cert: string
  /** PEM. */
  readonly key: string
}

/** Produces credentials on demand. Caching and single-flight are the client's job. */
export interface CredentialProvider {
  /** Short, stable, log-safe: `exec`, `eks`, `oidc`. */
  readonly name: string
  /** @throws {@link CredentialError} when no credentials can be produced. */
  getCredentials(context: CredentialContext): Promise<Credentials>
}

/** Effects a provider may use. Everything else it needs comes from its own options. */
export interface CredentialContext {
  /** Aborted after 60 s, and when the client is closed. */
  readonly signal: AbortSignal
  /** `refused`: the server answered 401 to `previous`. */
  readonly reason: 'initial' | 'expiring' | 'refused'
  readonly previous?: Credentials
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly fetch: CredentialFetch
}

/** A `fetch` through the client's proxy rules, with the system's CAs or those given: never the cluster's. Fits where `typeof fetch` is asked for. */
export type CredentialFetch = (input: string | URL | Request, init?: CredentialFetchInit) => Promise<Response>

/** Of {@link CredentialFetch}: a fetch's own, and what to trust. */
export interface CredentialFetchInit extends Omit<RequestInit, 'body'> {
  /** As in RequestInit; wider, since lib.dom refuses a plain Uint8Array. */
  body?: RequestInit['body'] | Uint8Array | undefined
  /** `ca`: PEM bundle to trust instead of the system's. */
  tls?: { readonly ca?: string | undefined }
}
