/**
 * kubeconfig files as configuration of `@kubeclient/core`.
 *
 * @module @kubeclient/kubeconfig
 */
export type { ClientConfigOptions, ContextInfo, Kubeconfig, KubeconfigWarning } from './kubeconfig.ts'
export { loadKubeconfig } from './load.ts'
export type { LoadKubeconfigOptions } from './load.ts'
export { parseKubeconfig } from './parse-kubeconfig.ts'
export { readKubeconfig } from './read-kubeconfig.ts'
