/** Options of {@link copyFrom} and {@link copyTo}. */
export interface CopyOptions {
  /** @defaultValue the pod's own, or the client's namespace */
  namespace?: string | undefined
  /** @defaultValue the only one, or that of the annotation `kubectl.kubernetes.io/default-container` */
  container?: string | undefined
  /** A file, or a folder with all that is in it. */
  from: string
  /** What the copy is called, not the folder that it goes into. */
  to: string
  /** Told as bytes of files come or go. */
  onProgress?: ((progress: CopyProgress) => void) | undefined
  /** Ends it at once, and the call with its reason. What has been copied stays. */
  signal?: AbortSignal | undefined
}

/** Options of {@link copyFrom}. */
export interface CopyFromOptions extends CopyOptions {
  /**
   * How often a lost connection is made up for by reading on where it was. Needs `sh` and `tail` in the container, and files that do not
   * change meanwhile. @defaultValue 0
   */
  retries?: number | undefined
}

export interface CopyProgress {
  /** The file, below `to`; empty for `to` itself. */
  readonly path: string
  /** Of all files so far. */
  readonly bytes: number
}

/** What was copied. */
export interface CopyResult {
  readonly files: number
  readonly bytes: number
  /** What was not: from a container links and devices, to one what is no file, folder or symbolic link. */
  readonly skipped: readonly SkippedEntry[]
}

export interface SkippedEntry {
  /** Below `to`. */
  readonly path: string
  /** What it is: `symlink`, `link`, `fifo` … */
  readonly kind: string
}
