/** The kubeconfig's `user` entry as data. Wire names; `null` and `''` have become absent, base64 stays encoded. */
export interface AuthInfo {
  readonly 'client-certificate'?: string
  /** Base64 of PEM. */
  readonly 'client-certificate-data'?: string
  readonly 'client-key'?: string
  /** Base64 of PEM. */
  readonly 'client-key-data'?: string
  readonly token?: string
  readonly tokenFile?: string
  readonly username?: string
  readonly password?: string
  readonly as?: string
  readonly 'as-uid'?: string
  readonly 'as-groups'?: readonly string[]
  readonly 'as-user-extra'?: Readonly<Record<string, readonly string[]>>
  readonly 'auth-provider'?: AuthProviderConfig
  readonly exec?: ExecConfig
  readonly extensions?: readonly NamedExtension[]
}

/** A legacy `auth-provider` entry: its name, and what it is configured with. */
export interface AuthProviderConfig {
  readonly name: string
  readonly config?: Readonly<Record<string, string>>
}

/** `user.exec`. @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
export interface ExecConfig {
  readonly apiVersion: string
  readonly command: string
  readonly args?: readonly string[]
  readonly env?: readonly { readonly name: string; readonly value: string }[]
  readonly installHint?: string
  readonly provideClusterInfo?: boolean
  readonly interactiveMode?: 'Never' | 'IfAvailable' | 'Always'
}

/** Data that some tool has put beside an entry. */
export interface NamedExtension {
  readonly name: string
  readonly extension: unknown
}
