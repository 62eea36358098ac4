// Signs in to Google Kubernetes Engine as a kubeconfig of gcloud says, without running gke-gcloud-auth-plugin.
//
//   node main.ts                  on a stand-in for Google and the cluster
//   node main.ts ~/.kube/config   on your cluster, with your application-default credentials
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, env } from 'node:process'
import { gcpAuth } from '@kubeclient/auth-gcp'
import { createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { gkeKubeconfig } from './gke-kubeconfig.ts'
import { startStandIn } from './start-stand-in.ts'
import { workloadCredentials } from './workload-credentials.ts'

const given = argv[2]
if (given === undefined) await onStandIn()
else await listNamespaces(given)

async function onStandIn(): Promise<void> {
  const standIn = await startStandIn('token-of-this-job')
  const folder = await mkdtemp(join(tmpdir(), 'kubeclient-gke-sign-in-'))
  try {
    const file = join(folder, 'job-token')
    const credentials = join(folder, 'credentials.json')
    const kubeconfig = join(folder, 'kubeconfig')
    await writeFile(file, 'token-of-this-job')
    await writeFile(credentials, workloadCredentials({ tokenUrl: standIn.tokenUrl, file }))
    await writeFile(kubeconfig, gkeKubeconfig(standIn.url))
    env['GOOGLE_APPLICATION_CREDENTIALS'] = credentials
    await listNamespaces(kubeconfig)
    console.log(`3 requests, tokens given by Google: ${standIn.given()}`)
  } finally {
    await standIn.stop()
    await rm(folder, { recursive: true })
  }
}

async function listNamespaces(path: string): Promise<void> {
  const client = createClient(await loadKubeconfig({ path, plugins: [gcpAuth()] }))
  try {
    const namespaces = client.resource('namespaces')
    const [{ items }] = await Promise.all([namespaces.list(), namespaces.list(), namespaces.list()])
    console.log(`namespaces: ${items.map(({ metadata }) => metadata.name).join(', ')}`)
  } finally {
    await client.close()
  }
}
