import type { AuthInfo, NamedExtension } from './auth-info.ts'
import type { TlsOptions } from './client-config.ts'
import type { CredentialProvider } from './credentials.ts'

/** Teaches the kubeconfig loader about one sort of `user` entry. */
export interface CredentialPlugin {
  readonly specVersion: 'v1'
  /** Short, stable, log-safe. */
  readonly name: string
  /** A provider for an entry that this plugin understands, otherwise `undefined`. Does no I/O. */
  fromAuthInfo(authInfo: AuthInfo, context: AuthInfoContext): CredentialProvider | undefined
}

/** What a plugin is told beside the entry. */
export interface AuthInfoContext {
  /** Name of the entry, for messages. */
  readonly userName: string
  readonly cluster: {
    readonly server: string
    readonly tls: TlsOptions
    /** The cluster's own `proxy-url`. */
    readonly proxyUrl?: string
    /** The cluster's `disable-compression`, when it is true. */
    readonly disableCompression?: boolean
    readonly extensions: readonly NamedExtension[]
  }
  /** Folder of the file that holds the entry. Absent: the configuration is no file; read nothing from disk, run nothing. */
  readonly directory?: string
  /**
   * Locks the entry's own file, reads the entry again, hands it to `update`, and writes what that returns, atomically and
   * keeping unknown fields (`undefined`: write nothing). Refresh inside `update`: a rotating token must not be spent twice.
   * Absent where nothing can be written back.
   */
  readonly persist?: (update: (current: AuthInfo) => Promise<AuthInfo | undefined>) => Promise<void>
}
