import type { Pki } from './create-pki.ts'

/** A kubeconfig with the contexts `admin` (current), `token` and `nobody`. */
export function kubeconfigText({ server, pki }: { server: string; pki: Pki }): string {
  const { authority, admin, nobody, token } = pki
  return `apiVersion: v1
kind: Config
current-context: admin
clusters:
- name: test
  cluster:
    server: ${server}
    certificate-authority-data: ${base64(authority.cert)}
contexts:
- name: admin
  context: { cluster: test, user: admin }
- name: token
  context: { cluster: test, user: token }
- name: nobody
  context: { cluster: test, user: nobody }
users:
- name: admin
  user:
    client-certificate-data: ${base64(admin.cert)}
    client-key-data: ${base64(admin.key)}
- name: token
  user:
    token: ${token}
- name: nobody
  user:
    client-certificate-data: ${base64(nobody.cert)}
    client-key-data: ${base64(nobody.key)}
`
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
