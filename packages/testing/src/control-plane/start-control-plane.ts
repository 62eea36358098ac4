import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientConfig, Credentials } from '@kubeclient/core/spec'
import { compactEtcd } from './compact-etcd.ts'
import type { ControlPlane, ControlPlaneOptions } from './control-plane.ts'
import { createPki, type Pki } from './create-pki.ts'
import { createPrivateFolder } from './create-private-folder.ts'
import { findAssets } from './find-assets.ts'
import { kubeconfigText } from './kubeconfig-text.ts'
import { type RunningPrograms, startPrograms } from './start-programs.ts'

/**
 * Starts a real etcd and kube-apiserver, reachable from this machine only. They end with `stop()`, and also when this
 * process dies, however it dies.
 *
 * @throws {@link ConfigError} that says how to get the programs, or shows why one of them did not start
 */
export async function startControlPlane({
  assets: assetsFolder,
  apiServerArgs = [],
  etcdArgs = [],
  timeoutMs = 60_000,
}: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const assets = await findAssets(assetsFolder)
  const folder = await createPrivateFolder()
  const removeFolder = () => rm(folder, { recursive: true, force: true, maxRetries: 3 })
  try {
    const pkiFolder = join(folder, 'pki')
    const pki = await createPki(pkiFolder)
    const programs = await startPrograms({ assets, folder, pkiFolder, pki, apiServerArgs, etcdArgs, timeoutMs })
    return describeControlPlane({ pki, programs, folder, removeFolder })
  } catch (error) {
    await removeFolder()
    throw error
  }
}

interface Parts {
  readonly pki: Pki
  readonly programs: RunningPrograms
  readonly folder: string
  readonly removeFolder: () => Promise<void>
}

function describeControlPlane({ pki, programs, folder, removeFolder }: Parts): ControlPlane {
  const server = `https://127.0.0.1:${programs.port}`
  const ca = pki.authority.cert
  const configFor = (credentials: Credentials): ClientConfig => ({ server, tls: { ca }, credentials })
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= programs.stop().then(removeFolder))

  return {
    config: configFor({ clientCertificate: pki.admin }),
    tokenConfig: configFor({ token: pki.token }),
    ca,
    kubeconfig: kubeconfigText({ server, pki }),
    async createUser({ name, groups, validSeconds }) {
      const notAfter = validSeconds === undefined ? undefined : new Date(Date.now() + validSeconds * 1000)
      return configFor({
        clientCertificate: await pki.authority.issue({ commonName: name, organizations: groups, notAfter }),
      })
    },
    restartApiServer: () => programs.restartApiServer(),
    compact: () => compactEtcd(join(folder, 'etcd.sock')),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
