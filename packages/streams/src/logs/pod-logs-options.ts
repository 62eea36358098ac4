/** Options of {@link podLogs}. */
export interface PodLogsOptions {
  /** @defaultValue the pod's own, or the client's namespace */
  namespace?: string | undefined
  /** @defaultValue the only one, or that of the annotation `kubectl.kubernetes.io/default-container` */
  container?: string | undefined
  /** Stay, and wait for more, as long as it takes. @defaultValue false */
  follow?: boolean | undefined
  /** After a lost connection, go on behind the last line. Needs `follow`. @defaultValue false */
  resume?: boolean | undefined
  /** Of the container's life before. @defaultValue false */
  previous?: boolean | undefined
  /** Seconds. Excludes `sinceTime`. */
  sinceSeconds?: number | undefined
  /** A Date, or RFC 3339; the server counts whole seconds. */
  sinceTime?: Date | string | undefined
  /** The last lines only; 0 is none of them. */
  tailLines?: number | undefined
  /** Bytes, after which the server ends the log. */
  limitBytes?: number | undefined
  /** Begin each line with its time, RFC 3339, and a space. @defaultValue false */
  timestamps?: boolean | undefined
  /** Only what the container wrote to one of the two. Needs a server with PodLogsQuerySplitStreams. @defaultValue both */
  stream?: 'Stdout' | 'Stderr' | undefined
  /** Ends it at once: what waits rejects with its reason. */
  signal?: AbortSignal | undefined
}
