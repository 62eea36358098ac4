import { createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { type Definition, readDefinition } from './read-definition.ts'
import { signInPlugin } from './sign-in-plugin.ts'

export interface ClusterOptions {
  /** @defaultValue as `kubectl` finds it */
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  /** Commands that the kubeconfig may run to sign in. */
  readonly allowExec: readonly string[]
}

/** The CustomResourceDefinitions of the cluster that a kubeconfig names. @throws {@link KubeError} */
export async function clusterDefinitions({ kubeconfig, context, allowExec }: ClusterOptions): Promise<Definition[]> {
  const config = await loadKubeconfig({ path: kubeconfig, context, plugins: [signInPlugin(allowExec)] })
  const client = createClient(config)
  try {
    const definitions: Definition[] = []
    const all = client.resource('customresourcedefinitions.v1.apiextensions.k8s.io').items()
    for await (const manifest of all) {
      const definition = readDefinition(manifest)
      if (definition !== undefined) definitions.push(definition)
    }
    return definitions
  } finally {
    await client.close()
  }
}
