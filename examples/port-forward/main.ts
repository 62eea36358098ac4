// Forwards local ports until Ctrl-C: node main.ts TARGET PORT […], as in node main.ts service/web 8080:http :9090
import { once } from 'node:events'
import { createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { portForward } from '@kubeclient/streams'

const [target, ...specs] = process.argv.slice(2)
if (target === undefined || specs.length === 0) throw new Error('node main.ts TARGET PORT […]')

const client = createClient(await loadKubeconfig())
try {
  const forwarder = await portForward(client, target, {
    ports: specs,
    onError: ({ message }) => console.error(message),
  })
  for (const { address, local, remote } of forwarder.ports) console.log(`${address} ${local} -> ${remote}`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await forwarder.stop()
} finally {
  await client.close()
}
