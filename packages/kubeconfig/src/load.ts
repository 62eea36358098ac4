import { ConfigError, type ClientConfig } from '@kubeclient/core/spec'
import { findFiles, noKubeconfig } from './find-files.ts'
import { loadInCluster, outsideHint } from './load-in-cluster.ts'
import type { ClientConfigOptions } from './kubeconfig.ts'
import { readFiles } from './read-kubeconfig.ts'

export interface LoadKubeconfigOptions extends ClientConfigOptions {
  /** Several are merged as kubectl merges them. @defaultValue $KUBECONFIG, else ~/.kube/config */
  path?: string | readonly string[] | undefined
  /** @defaultValue process.env */
  env?: Readonly<Record<string, string | undefined>> | undefined
}

/**
 * The configuration that kubectl would use: from `path`, else from the files of $KUBECONFIG, else from ~/.kube/config, else,
 * when there is no such file and neither `path` nor `context` asks for one, from the service account of the pod.
 *
 * @throws {@link ConfigError} that says what was tried
 */
export async function loadKubeconfig(options: LoadKubeconfigOptions = {}): Promise<ClientConfig> {
  // A path here would be ignored without a word, and another cluster taken.
  if (typeof options === 'string') throw new ConfigError('loadKubeconfig() takes options; pass { path: … }')
  return loadKubeconfigOr(loadInCluster, options)
}

/** @param inCluster - where a pod has its service account is no choice of a user's, but it is a test's */
export async function loadKubeconfigOr(
  inCluster: typeof loadInCluster,
  { path, env = process.env, ...options }: LoadKubeconfigOptions,
): Promise<ClientConfig> {
  const files = findFiles(path, env)
  const kubeconfig = await readFiles(files)
  if (kubeconfig !== undefined) return kubeconfig.clientConfig(options)
  if (path !== undefined || options.context) throw noKubeconfig(files)
  try {
    return await inCluster({ env })
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : 'unknown error'
    const why = said.replace(outsideHint, '') // it is what was called
    throw new ConfigError(`${noKubeconfig(files).message}. Nor is there a service account: ${why}`, {}, { cause })
  }
}
