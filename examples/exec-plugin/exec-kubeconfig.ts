import type { ApiServer } from '@kubeclient/testing'

/** The kubeconfig of a user who signs in with a command, which gets the server's token in its environment. */
export function execKubeconfig({ config: { server, tls, credentials } }: ApiServer, command: string): string {
  const ca = typeof tls?.ca === 'string' ? tls.ca : ''
  const token = typeof credentials === 'object' && 'token' in credentials ? credentials.token : undefined
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    env: [{ name: 'EXAMPLE_TOKEN', value: token }],
    interactiveMode: 'Never',
    installHint: 'It is in examples/exec-plugin.',
  }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'example',
    clusters: [{ name: 'example', cluster: { server, 'certificate-authority-data': btoa(ca) } }],
    users: [{ name: 'example', user: { exec } }],
    contexts: [{ name: 'example', context: { cluster: 'example', user: 'example' } }],
  })
}
