import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execAuth } from '@kubeclient/auth-exec'
import type { ClientCertificate, ClientConfig } from '@kubeclient/core'
import { loadInCluster, loadKubeconfig } from '@kubeclient/kubeconfig'
import { ServiceAccount } from '@kubeclient/resources/core/v1'
import { ClusterRoleBinding } from '@kubeclient/resources/rbac/v1'
import type { ControlPlane } from '@kubeclient/testing'
import { tokenOf } from './token-of.ts'
import { withClient } from './with-client.ts'

/** A way to say in a kubeconfig, or around a pod, who one is. */
export interface AuthKind {
  readonly title: string
  /** Who the server says that it is. */
  readonly user: string
  /** The configuration of an administrator who says it so; its files are in `folder`. */
  readonly load: (controlPlane: ControlPlane, folder: string) => Promise<ClientConfig>
}

/** All that a bare API server accepts. */
export const authKinds: readonly AuthKind[] = [
  kubeconfigKind('a client certificate', 'alice', async (controlPlane) => {
    const { cert, key } = await adminCertificate(controlPlane)
    return { 'client-certificate-data': btoa(cert), 'client-key-data': btoa(key) }
  }),
  kubeconfigKind('a client certificate in files', 'alice', async (controlPlane, folder) => {
    const { cert, key } = await adminCertificate(controlPlane)
    await writeFile(join(folder, 'tls.crt'), cert)
    await writeFile(join(folder, 'tls.key'), key)
    return { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' }
  }),
  kubeconfigKind('a token', 'token-admin', async ({ tokenConfig }) => ({ token: tokenOf(tokenConfig) })),
  kubeconfigKind('a token file', 'system:serviceaccount:default:token-file', async (controlPlane, folder) => {
    await writeFile(join(folder, 'token'), `${await serviceAccountToken(controlPlane, 'token-file')}\n`)
    return { tokenFile: 'token' }
  }),
  kubeconfigKind(
    'a command that prints a token',
    'system:serviceaccount:default:command',
    async (controlPlane, folder) => execOf(folder, { token: await serviceAccountToken(controlPlane, 'command') }),
  ),
  kubeconfigKind('a command that prints a certificate', 'alice', async (controlPlane, folder) => {
    const { cert, key } = await adminCertificate(controlPlane)
    return execOf(folder, { clientCertificateData: cert, clientKeyData: key })
  }),
  kubeconfigKind('impersonation with two groups and extras', 'jane', async ({ tokenConfig }) => ({
    token: tokenOf(tokenConfig),
    as: 'jane',
    'as-groups': ['system:masters', 'devs'],
    'as-user-extra': { 'example.com/scopes': ['a', 'b c'], reason: ['on call'] },
  })),
  { title: 'a service account, as in a pod', user: 'system:serviceaccount:default:pod', load: loadServiceAccount },
]

type UserOf = (controlPlane: ControlPlane, folder: string) => Promise<object>

function kubeconfigKind(title: string, user: string, userOf: UserOf): AuthKind {
  return {
    title: `a kubeconfig with ${title}`,
    user,
    async load(controlPlane, folder) {
      const { server } = controlPlane.config
      const cluster = { server: String(server), 'certificate-authority-data': btoa(controlPlane.ca) }
      const path = join(folder, 'kubeconfig')
      const text = JSON.stringify({
        'current-context': 'c',
        clusters: [{ name: 'k', cluster }],
        users: [{ name: 'u', user: await userOf(controlPlane, folder) }],
        contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
      })
      await writeFile(path, text)
      return loadKubeconfig({ path, plugins: [execAuth({ allow: [join(folder, 'sign-in')] })] })
    },
  }
}

async function loadServiceAccount(controlPlane: ControlPlane, folder: string): Promise<ClientConfig> {
  await writeFile(join(folder, 'token'), await serviceAccountToken(controlPlane, 'pod'))
  await writeFile(join(folder, 'ca.crt'), controlPlane.ca)
  await writeFile(join(folder, 'namespace'), 'default')
  const { hostname, port } = new URL(controlPlane.config.server)
  return loadInCluster({ root: folder, env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port } })
}

/** The entry of a command that prints this. */
async function execOf(folder: string, status: object): Promise<object> {
  const apiVersion = 'client.authentication.k8s.io/v1'
  const output = JSON.stringify({ apiVersion, kind: 'ExecCredential', status })
  await writeFile(join(folder, 'sign-in'), `#!/bin/sh\ncat <<'end'\n${output}\nend\n`)
  await chmod(join(folder, 'sign-in'), 0o755)
  return { exec: { apiVersion, command: './sign-in', interactiveMode: 'Never' } }
}

async function adminCertificate(controlPlane: ControlPlane): Promise<ClientCertificate> {
  const { credentials } = await controlPlane.createUser({ name: 'alice', groups: ['system:masters'] })
  const pair =
    typeof credentials === 'object' && 'clientCertificate' in credentials ? credentials.clientCertificate : undefined
  if (pair === undefined) throw new Error('a user of the control plane has a certificate')
  return pair
}

/** The token of a new service account that may do everything. */
async function serviceAccountToken({ config }: ControlPlane, name: string): Promise<string> {
  return withClient(config, async (client) => {
    const accounts = client.resource(ServiceAccount, { namespace: 'default' })
    await accounts.create({ metadata: { name } })
    await client.resource(ClusterRoleBinding).create({
      metadata: { name: `admin-${name}` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
    })
    const { status } = await accounts.subresource('token').create(name, { spec: {} })
    if (status?.token === undefined) throw new Error('a TokenRequest is answered with a token')
    return status.token
  })
}
