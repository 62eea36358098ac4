// Signs in to Amazon EKS as a kubeconfig of `aws eks update-kubeconfig` says, without running `aws`.
//
//   node main.ts                  on a stand-in for EKS, with the keys of AWS's documentation
//   node main.ts ~/.kube/config   on your cluster, as you
import { argv } from 'node:process'
import { eksAuth } from '@kubeclient/auth-eks'
import { type ClientConfig, createClient } from '@kubeclient/core'
import { loadKubeconfig, parseKubeconfig } from '@kubeclient/kubeconfig'
import { eksKubeconfig } from './eks-kubeconfig.ts'
import { startStandIn } from './start-stand-in.ts'

const path = argv[2]
if (path === undefined) await onStandIn()
else await listNamespaces(await loadKubeconfig({ path, plugins: [eksAuth()] }))

async function onStandIn(): Promise<void> {
  const standIn = await startStandIn()
  try {
    const kubeconfig = parseKubeconfig(eksKubeconfig({ clusterName: 'demo', region: 'eu-central-1' }))
    const credentials = {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    }
    const config = await kubeconfig.clientConfig({ plugins: [eksAuth({ clusters: ['demo'], credentials })] })
    await listNamespaces({ ...config, server: standIn.url })
    console.log(`3 requests, ${standIn.tokens.size} token: ${[...standIn.tokens.values()].join('; ')}`)
  } finally {
    await standIn.stop()
  }
}

async function listNamespaces(config: ClientConfig): Promise<void> {
  const client = createClient(config)
  try {
    const namespaces = client.resource('namespaces')
    const [{ items }] = await Promise.all([namespaces.list(), namespaces.list(), namespaces.list()])
    console.log(`namespaces: ${items.map(({ metadata }) => metadata.name).join(', ')}`)
  } finally {
    await client.close()
  }
}
