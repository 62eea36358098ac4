import { type ClientConfig, ConfigError } from '@kubeclient/core/spec'
import { createKubeconfig } from './create-kubeconfig.ts'
import type { Entry } from './document.ts'
import { nodeHost } from './node-host.ts'
import { type Place, quote } from './place.ts'
import { readIfPresent } from './read-files.ts'

export interface LoadInClusterOptions {
  /** Folder of `token`, `ca.crt` and `namespace`. @defaultValue '/var/run/secrets/kubernetes.io/serviceaccount' */
  root?: string | undefined
  /** KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and POD_NAMESPACE are read. @defaultValue process.env */
  env?: Readonly<Record<string, string | undefined>> | undefined
}

/** What to do about the first thing that is missing. */
export const outsideHint = '; outside a cluster use loadKubeconfig()'

const defaultRoot = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * From the service account of the pod that this process runs in. Its token is read again about every 50 s and after a 401,
 * its certificate authority when the client asks.
 *
 * @throws {@link ConfigError} outside a cluster; names the variable or file that is missing
 * @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 */
export async function loadInCluster(options: LoadInClusterOptions = {}): Promise<ClientConfig> {
  const { root = defaultRoot, env = process.env } = options
  const server = serverOf(env)
  const namespace = env['POD_NAMESPACE']?.trim() || (await namespaceIn(`${root}/namespace`))
  const place: Place = {
    source: { directory: root, lineOf: () => undefined },
    path: [],
    subject: 'the in-cluster configuration',
  }
  // What a kubeconfig of these files would say, so that both have the same checks and the same renewal.
  const entry = <T>(fields: T): Entry<T> => ({ name: 'in-cluster', fields, place, unknown: [] })
  const clusters = new Map([['in-cluster', entry({ server, 'certificate-authority': 'ca.crt' })]])
  const users = new Map([['in-cluster', entry({ tokenFile: 'token' })]])
  const context = { cluster: 'in-cluster', user: 'in-cluster', ...(namespace !== undefined && { namespace }) }
  const contexts = new Map([['in-cluster', entry(context)]])
  const kubeconfig = createKubeconfig({ clusters, users, contexts }, place, nodeHost())
  return kubeconfig.clientConfig({ context: 'in-cluster' })
}

function serverOf(env: Readonly<Record<string, string | undefined>>): string {
  const [host, port] = [valueOf(env, 'KUBERNETES_SERVICE_HOST'), valueOf(env, 'KUBERNETES_SERVICE_PORT')]
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`
  if (/^[\w.:-]+$/.test(host) && /^\d+$/.test(port) && URL.canParse(server)) return server
  const found = `KUBERNETES_SERVICE_HOST ${quote(host)} and KUBERNETES_SERVICE_PORT ${quote(port)}`
  throw new ConfigError(
    `${found} are not an address and a port; Kubernetes sets them in every pod, leave them as they are`,
  )
}

function valueOf(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name]
  if (value !== undefined && value !== '') return value
  throw new ConfigError(`this is no pod of a cluster: ${name} is not set${outsideHint}`)
}

/** Absent or empty: the client's default counts, as with kubectl. @throws {@link ConfigError} */
async function namespaceIn(file: string): Promise<string | undefined> {
  try {
    const bytes = await readIfPresent(file)
    return new TextDecoder().decode(bytes).trim() || undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown error'
    throw new ConfigError(`the in-cluster configuration: cannot read the file ${quote(file)}: ${why}`, { file })
  }
}
