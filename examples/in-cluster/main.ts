// Lists the pods beside this one. In a pod: service-account.yaml gives it the right to. Elsewhere: SERVICE_ACCOUNT names a folder
// with the files `token`, `ca.crt` and `namespace`, as Kubernetes mounts them.
import { createClient, isForbidden } from '@kubeclient/core'
import { loadInCluster } from '@kubeclient/kubeconfig'

const config = await loadInCluster({ root: process.env['SERVICE_ACCOUNT'] })
const client = createClient(config)
try {
  let count = 0
  for await (const pod of client.resource('pods').items()) {
    console.log(pod.metadata.name)
    count += 1
  }
  console.log(`${count} pods in the namespace ${client.namespace}`)
} catch (error) {
  if (!isForbidden(error)) throw error
  console.error(`${error.message}\nkubectl apply --filename service-account.yaml gives the right to list pods`)
  process.exitCode = 1
} finally {
  await client.close()
}
