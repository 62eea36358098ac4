/**
 * The part of `@kubeclient/kubeconfig` that touches no file system and no environment.
 *
 * @module @kubeclient/kubeconfig/parse
 */
export type { ClientConfigOptions, ContextInfo, Kubeconfig, KubeconfigWarning } from './kubeconfig.ts'
export { parseKubeconfig } from './parse-kubeconfig.ts'
