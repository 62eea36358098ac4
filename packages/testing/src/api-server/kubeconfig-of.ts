export interface KubeconfigParts {
  readonly server: string
  readonly token: string
  /** PEM. */
  readonly ca: string | undefined
}

/** JSON is YAML: kubectl and every client read it. */
export function kubeconfigOf({ server, token, ca }: KubeconfigParts): string {
  const authority = ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }
  const name = 'in-memory'
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, ...authority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
  }
  return `${JSON.stringify(config, undefined, 2)}\n`
}
