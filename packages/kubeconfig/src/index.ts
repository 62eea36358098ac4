/**
 * kubeconfig files and service accounts as configuration of `@kubeclient/core`.
 *
 * @module @kubeclient/kubeconfig
 */
export type { ClientConfigOptions, ContextInfo, Kubeconfig, KubeconfigWarning } from './kubeconfig.ts'
export { loadKubeconfig } from './load.ts'
export type { LoadKubeconfigOptions } from './load.ts'
export { loadInCluster } from './load-in-cluster.ts'
export type { LoadInClusterOptions } from './load-in-cluster.ts'
export { parseKubeconfig } from './parse-kubeconfig.ts'
export { readKubeconfig } from './read-kubeconfig.ts'
