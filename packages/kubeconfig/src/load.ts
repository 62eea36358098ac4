import type { ClientConfig } from '@kubeclient/core/spec'
import { findFiles } from './find-files.ts'
import type { ClientConfigOptions } from './kubeconfig.ts'
import { readFiles } from './read-kubeconfig.ts'

export interface LoadKubeconfigOptions extends ClientConfigOptions {
  /** Several are merged as kubectl merges them. @defaultValue $KUBECONFIG, else ~/.kube/config */
  path?: string | readonly string[] | undefined
  /** @defaultValue process.env */
  env?: Readonly<Record<string, string | undefined>> | undefined
}

/**
 * The configuration that kubectl would use: from `path`, else from the files of $KUBECONFIG, else from ~/.kube/config.
 *
 * @throws {@link ConfigError} that says what was tried
 */
export async function loadKubeconfig(options: LoadKubeconfigOptions = {}): Promise<ClientConfig> {
  const { path, env, ...rest } = options
  const kubeconfig = await readFiles(findFiles(path, env ?? process.env))
  return kubeconfig.clientConfig(rest)
}
