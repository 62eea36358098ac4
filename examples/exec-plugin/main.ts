// Signs in with the command that a kubeconfig names, `plugin.mjs`, on an API server in memory.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execAuth } from '@kubeclient/auth-exec'
import { createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { startApiServer } from '@kubeclient/testing'
import { execKubeconfig } from './exec-kubeconfig.ts'

const plugin = fileURLToPath(new URL('plugin.mjs', import.meta.url))
const server = await startApiServer({ tls: true })
const folder = await mkdtemp(join(tmpdir(), 'kubeclient-exec-plugin-'))
try {
  const path = join(folder, 'kubeconfig')
  await writeFile(path, execKubeconfig(server, plugin))

  const client = createClient(await loadKubeconfig({ path, plugins: [execAuth({ allow: [plugin] })] }))
  const namespaces = client.resource('namespaces')
  const lists = await Promise.all([namespaces.list(), namespaces.list(), namespaces.list()])
  console.log(
    `${lists.length} requests, signed in once: ${lists[0].items.map(({ metadata }) => metadata.name).join(', ')}`,
  )
  await client.close()
} finally {
  await server.stop()
  await rm(folder, { recursive: true })
}
