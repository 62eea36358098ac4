import type { ClientConfig } from '@kubeclient/core/spec'

/** Options of {@link startControlPlane}. */
export interface ControlPlaneOptions {
  /** Folder of `etcd` and `kube-apiserver`. @defaultValue the environment's KUBEBUILDER_ASSETS */
  assets?: string | undefined
  /** Further flags of kube-apiserver, after ours: `--goaway-chance=0.02`. */
  apiServerArgs?: readonly string[] | undefined
  /** Further flags of etcd, after ours. */
  etcdArgs?: readonly string[] | undefined
  /** Give up when it is not ready by then, in milliseconds. @defaultValue 60_000 */
  timeoutMs?: number | undefined
}

/** Options of {@link ControlPlane.createUser}. */
export interface CreateUserOptions {
  name: string
  groups?: readonly string[] | undefined
  /** Until the certificate expires, in seconds; negative: it has expired. @defaultValue a year */
  validSeconds?: number | undefined
}

/** A running etcd and kube-apiserver. Without controllers: no garbage collection, no pods that run, namespaces that stay Terminating. */
export interface ControlPlane extends AsyncDisposable {
  /** An administrator's, with a client certificate. */
  readonly config: ClientConfig
  /** An administrator's, with a bearer token. */
  readonly tokenConfig: ClientConfig
  /** The authority that signs the server's and the users' certificates, in PEM. */
  readonly ca: string
  /** YAML with the contexts `admin` (current), `token`, and `nobody`: a user without rights. */
  readonly kubeconfig: string
  /** A user with a client certificate, and with the rights that RBAC gives its name and groups: none at first. */
  createUser(options: CreateUserOptions): Promise<ClientConfig>
  /** Ends kube-apiserver, with every connection to it, and starts it again; resolves when it is ready. */
  restartApiServer(): Promise<void>
  /** Has etcd forget history: a restarted kube-apiserver, whose own memory is short then, answers 410 for older versions. */
  compact(): Promise<void>
  /** Ends both programs and removes their files. Idempotent. */
  stop(): Promise<void>
}
