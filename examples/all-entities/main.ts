// Counts the objects of the cluster that kubectl would talk to. It only reads.
import { createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { allObjects } from './all-objects.ts'

const client = createClient(await loadKubeconfig())
const { objects, failures } = await allObjects(client)
await client.close()

for (const [kind, found] of Map.groupBy(objects, (object) => `${object.kind} ${object.apiVersion}`)) {
  console.log(`${found.length}\t${kind}`)
}
for (const { what, error } of failures) console.error(`not read: ${what}: ${error.message}`)
if (failures.length > 0) process.exitCode = 1
