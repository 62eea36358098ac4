import type { AuthInfo, AuthProviderConfig, ExecConfig, NamedExtension } from '@kubeclient/core/spec'
import type { Place } from './place.ts'

/** A kubeconfig whose types are right and whose references are not followed yet. Maps, since `__proto__` is a name like any other. */
export interface KubeconfigDocument {
  readonly clusters: ReadonlyMap<string, Entry<ClusterFields>>
  readonly users: ReadonlyMap<string, Entry<UserFields>>
  readonly contexts: ReadonlyMap<string, Entry<ContextFields>>
  readonly currentContext?: { readonly name: string; readonly place: Place }
}

export interface Entry<T> {
  readonly name: string
  readonly fields: T
  readonly place: Place
  /** Fields that kubectl does not know either. */
  readonly unknown: readonly string[]
}

export interface ClusterFields {
  readonly server?: string
  readonly 'tls-server-name'?: string
  readonly 'insecure-skip-tls-verify'?: boolean
  readonly 'certificate-authority'?: string
  readonly 'certificate-authority-data'?: string
  readonly 'proxy-url'?: string
  readonly 'disable-compression'?: boolean
  readonly extensions?: readonly NamedExtension[]
}

/** As in {@link AuthInfo}, but what only the chosen user must have is not required yet. */
export interface UserFields extends Omit<AuthInfo, 'exec' | 'auth-provider'> {
  readonly exec?: ExecFields
  readonly 'auth-provider'?: Partial<AuthProviderConfig>
}

export interface ExecFields extends Omit<Partial<ExecConfig>, 'interactiveMode'> {
  readonly interactiveMode?: string
}

export interface ContextFields {
  readonly cluster?: string
  readonly user?: string
  readonly namespace?: string
}
