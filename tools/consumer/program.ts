// Compiled against the built declarations by tools/consumer.ts, with the libs of a browser and no Node types.
import { allNamespaces, createClient, isConflict, isKubeError, type KubeObject } from '@kubeclient/core'
import { CredentialError, type CredentialPlugin, type ResourceDescriptor } from '@kubeclient/core/spec'

interface Widget extends KubeObject {
  apiVersion?: 'example.com/v1'
  kind?: 'Widget'
  spec: { size: number }
}
const Widget: ResourceDescriptor<Widget> = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  resource: 'widgets',
  namespaced: true,
}

export const tokenAuth: CredentialPlugin = {
  specVersion: 'v1',
  name: 'token',
  fromAuthInfo: ({ token }, { userName }) => ({
    name: 'token',
    async getCredentials({ fetch, signal, now }) {
      const response = await fetch('https://tokens.example.com', { signal, tls: { ca: undefined } })
      if (!response.ok) throw new CredentialError(`no token for ${userName}`, { provider: 'token' })
      return { token, expiresAt: new Date(now() + 60_000) }
    },
  }),
}

await using client = createClient({ server: new URL('https://127.0.0.1:6443'), credentials: { token: 'abc' } })
const widgets = client.resource(Widget, { namespace: allNamespaces })
for await (const { type, object } of widgets.watch({ signal: AbortSignal.timeout(1_000) })) {
  if (type !== 'DELETED' && object.spec.size > 1) break
}
try {
  await widgets.apply({ metadata: { name: 'w' }, spec: { size: 1 } })
} catch (error) {
  if (!isConflict(error)) throw isKubeError(error, 'KUBE_API') ? error.reason : error
}
await using response = await client.request({ path: '/metrics', stream: true })
for await (const chunk of response.body) if (chunk.length > 0) break
