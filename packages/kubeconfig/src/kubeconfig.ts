import type { ClientConfig, CredentialPlugin } from '@kubeclient/core/spec'

/** One kubeconfig, or several merged into one. Holds secrets, shows none. */
export interface Kubeconfig {
  /** In the order of the files. */
  readonly contexts: readonly ContextInfo[]
  readonly currentContext?: string
  /** What `createClient` takes. Only the chosen context, its cluster and its user are checked. @throws {@link ConfigError} */
  clientConfig(options?: ClientConfigOptions): Promise<ClientConfig>
}

export interface ContextInfo {
  readonly name: string
  /** `''`: the context names none, and cannot be used. */
  readonly cluster: string
  /** Absent: anonymous. */
  readonly user?: string
  readonly namespace?: string
}

export interface ClientConfigOptions {
  /** @defaultValue the file's current-context */
  context?: string | undefined
  /** Asked in order; the first that answers wins. @defaultValue none: tokens, files and certificates only */
  plugins?: readonly CredentialPlugin[] | undefined
  /** Told what was ignored, for example credentials for an http server. */
  onWarning?: ((warning: KubeconfigWarning) => void) | undefined
}

/** Holds no secret. */
export interface KubeconfigWarning {
  readonly text: string
  readonly file?: string
  readonly line?: number
}
