// Signs in with the plugin of `broker-auth.ts`: a token broker on this machine, and an API server in memory.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createClient } from '@kubeclient/core'
import { parseKubeconfig } from '@kubeclient/kubeconfig'
import { startApiServer } from '@kubeclient/testing'
import { brokerAuth } from './broker-auth.ts'

const server = await startApiServer({ tls: true })
const { server: address, tls, credentials } = server.config
const token = typeof credentials === 'object' && 'token' in credentials ? credentials.token : undefined

const asked: string[] = []
const broker = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`)
  const isRight = request.headers.authorization === 'Bearer the-key'
  response.writeHead(isRight ? 200 : 403).end(JSON.stringify(isRight ? { token, seconds: 600 } : {}))
})
broker.listen(0, '127.0.0.1')
await once(broker, 'listening')
const port = (broker.address() as { port: number }).port // it listens on TCP

const kubeconfig = parseKubeconfig({
  'current-context': 'example',
  clusters: [{ name: 'example', cluster: { server: address, 'certificate-authority-data': btoa(String(tls?.ca)) } }],
  users: [{ name: 'example', user: { 'auth-provider': { name: 'broker', config: { team: 'blue' } } } }],
  contexts: [{ name: 'example', context: { cluster: 'example', user: 'example' } }],
})
const plugins = [brokerAuth({ url: `http://127.0.0.1:${port}/`, key: 'the-key' })]
const client = createClient(await kubeconfig.clientConfig({ plugins }))
const namespaces = client.resource('namespaces')
const lists = await Promise.all([namespaces.list(), namespaces.list(), namespaces.list()])
console.log(`${lists.length} lists of ${lists[0].items.length} namespaces; the broker was asked: ${asked.join(', ')}`)

await client.close()
await server.stop()
broker.close()
