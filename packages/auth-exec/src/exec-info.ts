import type { AuthInfoContext, ExecConfig } from '@kubeclient/core/spec'

/** The cluster's extension that is meant for the command. */
const extensionName = 'client.authentication.k8s.io/exec'

/**
 * The value of KUBERNETES_EXEC_INFO. It tells about the cluster when the entry asks for it, and never about the user.
 *
 * @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-ExecCredentialSpec
 */
export async function execInfo(
  { apiVersion, provideClusterInfo }: ExecConfig,
  cluster: AuthInfoContext['cluster'],
  interactive: boolean,
): Promise<string> {
  const spec = { ...(provideClusterInfo === true && { cluster: await clusterInfo(cluster) }), interactive }
  return JSON.stringify({ kind: 'ExecCredential', apiVersion, spec })
}

async function clusterInfo(cluster: AuthInfoContext['cluster']): Promise<object> {
  const { server, tls, proxyUrl, disableCompression, extensions } = cluster
  const ca = typeof tls.ca === 'function' ? await tls.ca() : tls.ca
  return {
    server,
    ...(tls.serverName !== undefined && { 'tls-server-name': tls.serverName }),
    ...(tls.insecureSkipVerify === true && { 'insecure-skip-tls-verify': true }),
    ...(ca !== undefined && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    ...(proxyUrl !== undefined && { 'proxy-url': proxyUrl }),
    ...(disableCompression === true && { 'disable-compression': true }),
    config: extensions.find(({ name }) => name === extensionName)?.extension ?? null,
  }
}
