import type { StandIn } from './start-stand-in.ts'

/** What a sign-in with a browser leaves behind. */
export function oidcKubeconfig({ url, issuer }: Pick<StandIn, 'url' | 'issuer'>): string {
  return `apiVersion: v1
kind: Config
current-context: demo
clusters:
- name: demo
  cluster: { server: '${url}' }
contexts:
- name: demo
  context: { cluster: demo, user: jane }
users:
- name: jane
  user:
    auth-provider:
      name: oidc
      config:
        idp-issuer-url: ${issuer}
        client-id: kubernetes
        # good for one use; what comes of it is written here
        refresh-token: refresh-token-1
`
}
