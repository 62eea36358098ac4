import { access, constants, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ConfigError } from '@kubeclient/core/spec'

/** Paths of the two programs. */
export interface Assets {
  readonly etcd: string
  readonly apiServer: string
}

const remedy =
  'Get etcd and kube-apiserver, for example with `go run sigs.k8s.io/controller-runtime/tools/setup-envtest@latest use -p path`, ' +
  'and set KUBEBUILDER_ASSETS, or the option `assets`, to the folder that it prints.'

/** Finds the programs in a folder, as setup-envtest lays them. @throws {@link ConfigError} that says how to get them */
export async function findAssets(folder: string | undefined): Promise<Assets> {
  const named = folder === undefined ? 'KUBEBUILDER_ASSETS' : 'the option `assets`'
  const assets = folder ?? process.env['KUBEBUILDER_ASSETS']
  if (assets === undefined || assets === '') {
    throw new ConfigError(`cannot start a control plane: ${named} is not set. ${remedy}`)
  }
  const [etcd, apiServer] = await Promise.all(
    ['etcd', 'kube-apiserver'].map(async (name) => {
      const path = join(resolve(assets), name)
      if (await isProgram(path)) return path
      throw new ConfigError(
        `cannot start a control plane: ${path} is no program (${named} names its folder). ${remedy}`,
      )
    }),
  )
  // Two names in, two paths out.
  return { etcd: etcd!, apiServer: apiServer! }
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    // Absent, or not to be entered: either way there is nothing to start.
    return false
  }
}
