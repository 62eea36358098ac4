// A program of its own that signs in as a kubeconfig says: `oidc-sign-in.ts KUBECONFIG`.
import { oidcAuth } from '@kubeclient/auth-oidc'
import { createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'

const client = createClient(await loadKubeconfig({ path: process.argv[2], plugins: [oidcAuth()] }))
console.log((await client.version()).gitVersion)
await client.close()
