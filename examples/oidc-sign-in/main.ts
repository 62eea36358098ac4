// Signs in with OpenID Connect as a kubeconfig says, and finds the new tokens in it afterwards.
//
//   node main.ts                  on a stand-in for the provider and the cluster
//   node main.ts ~/.kube/config   on your cluster, as you: renews your tokens and writes them back
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv } from 'node:process'
import { oidcAuth } from '@kubeclient/auth-oidc'
import { createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { oidcKubeconfig } from './oidc-kubeconfig.ts'
import { startStandIn } from './start-stand-in.ts'

const given = argv[2]
if (given === undefined) await onStandIn()
else await listNamespaces(given)

async function onStandIn(): Promise<void> {
  const standIn = await startStandIn()
  const folder = await mkdtemp(join(tmpdir(), 'kubeclient-oidc-sign-in-'))
  const path = join(folder, 'kubeconfig')
  try {
    await writeFile(path, oidcKubeconfig(standIn))
    await listNamespaces(path)
    await listNamespaces(path) // another program, an hour later: it begins with the tokens of the first
    const [, refreshToken] = /refresh-token: "(.*)"/.exec(await readFile(path, 'utf8')) ?? []
    console.log(`id tokens given: ${standIn.given()}; the kubeconfig now has the refresh token ${refreshToken}`)
  } finally {
    await standIn.stop()
    await rm(folder, { recursive: true })
  }
}

async function listNamespaces(path: string): Promise<void> {
  const client = createClient(await loadKubeconfig({ path, plugins: [oidcAuth()] }))
  try {
    const namespaces = client.resource('namespaces')
    const [{ items }] = await Promise.all([namespaces.list(), namespaces.list(), namespaces.list()])
    console.log(`namespaces: ${items.map(({ metadata }) => metadata.name).join(', ')}`)
  } finally {
    await client.close()
  }
}
