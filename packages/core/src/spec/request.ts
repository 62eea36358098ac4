/** Where a request was going. Never headers, a query or a body, so it is safe to log. */
export interface RequestSummary {
  readonly method: string
  readonly url: string
}

/** Header names are lower case. An array is one line per value. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[]>>

/** Header names are lower case. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** One call on its way to the server. Middleware changes a copy: `next({ ...request, headers })`. */
export interface KubeRequest {
  readonly method: string
  /** Encoded, with the server's path prefix, without the query. */
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly headers: RequestHeaders
  readonly body?: string | Uint8Array
  /**
   * `stream`: the body may be silent for any time, and so may the server before the head, unless the query says `watch=true`
   * (`timeouts.responseMs` is for the head of a watch). `upgrade`: answered by 101 and {@link KubeResponse.socket}.
   */
  readonly kind: 'unary' | 'stream' | 'upgrade'
  readonly signal?: AbortSignal
  /** What the call is about, for names of spans and metrics. Absent for `client.request`. */
  readonly operation?: Operation
}

/** A call in the API server's own terms, as RBAC and the audit log name it. */
export interface Operation {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'
  /** Plural, as in URLs. */
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}

/**
 * What came back, whatever its status. Whoever does not read `body` to its end calls `cancel()`.
 * A plain object whose functions need no `this`, so that middleware can spread it.
 */
export interface KubeResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  /** Readable once. */
  readonly body: AsyncIterable<Uint8Array>
  /** Frees the connection. Idempotent. */
  cancel(): void
  /** How many times the request was sent. @defaultValue 1 */
  readonly attempts?: number
  /** After a 101 only. */
  readonly socket?: ByteDuplex
}

/** Bytes in both directions, as web streams: `Duplex.toWeb` of `node:stream` makes one. */
export interface ByteDuplex {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}
