// Lets an informer run for an hour while objects change and connections break, and reports what it made of that:
// node main.ts [minutes]. Fails when the copy is not what the server has, or a change was lost or told twice.
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, type DynamicObject, type ResourceDescriptor } from '@kubeclient/core'
import { createInformer } from '@kubeclient/informer'
import { startApiServer } from '@kubeclient/testing'
import { BreakingProxy } from './breaking-proxy.ts'
import { Ledger } from './ledger.ts'

const configMaps: ResourceDescriptor<DynamicObject> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
}

const minutes = Number(process.argv[2] ?? 60)
if (!(minutes > 0)) throw new Error(`${JSON.stringify(process.argv[2])} is no number of minutes`)
const endsAt = Date.now() + minutes * 60_000

const server = await startApiServer()
const proxy = await BreakingProxy.start(Number(server.url.port))
const writer = createClient(server.config)
const reader = createClient({ ...server.config, server: proxy.url })
const maps = writer.resource(configMaps)
const informer = createInformer(reader.resource(configMaps))
const ledger = new Ledger()
const following = (async () => {
  for await (const change of informer.changes()) ledger.note(change)
})()

let writes = 0
async function write(): Promise<string> {
  writes += 1
  const name = `m${Math.floor(Math.random() * 200)}`
  if (Math.random() < 0.2 && informer.get(name, 'default') !== undefined) {
    await maps.delete(name).catch(() => undefined) // another write of this loop may have been first
  }
  const { metadata } = await maps.apply({ metadata: { name }, data: { writes: String(writes) } })
  return metadata.resourceVersion
}

async function trouble(): Promise<void> {
  const chance = Math.random()
  if (chance < 0.6) proxy.breakAll()
  else if (chance < 0.8) server.dropWatches()
  else {
    proxy.breakAll()
    await write()
    server.compact()
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

function report(): void {
  const { state, restarts, lastError } = informer.health
  const { rss, heapUsed } = process.memoryUsage()
  console.log(
    `${new Date().toISOString()} ${state}: ${writes} writes, ${ledger.changes} changes (${ledger.unseen} deletions unseen), ` +
      `${restarts} reconnects, ${proxy.connections} connections, heap ${megabytes(heapUsed)}, RSS ${megabytes(rss)}` +
      (lastError === undefined ? '' : `, last error: ${lastError.message.slice(0, 80)}`),
  )
}

let [troubleAt, reportAt, version] = [0, 0, '']
while (Date.now() < endsAt) {
  version = await write()
  if (Date.now() > troubleAt) {
    await trouble()
    troubleAt = Date.now() + Math.random() * 10_000
  }
  if (Date.now() > reportAt) {
    report()
    reportAt = Date.now() + Math.min(60_000, minutes * 6000)
  }
  await sleep(Math.random() * 50)
}
version = await write()
await informer.waitFor(version, { signal: AbortSignal.timeout(120_000) })
await sleep(0)
report()

const { items } = await maps.list()
const complaints = [
  ...ledger.complaints,
  ...ledger.differences(items, 'the subscriber'),
  ...Ledger.of(informer.list()).differences(items, 'the store'),
]
await informer.stop()
await following
await Promise.all([reader.close(), writer.close()])
await proxy.stop()
await server.stop()
if (complaints.length > 0) throw new Error(complaints.slice(0, 20).join('\n'))
console.log(`${items.length} objects: the copy and its subscriber have what the server has`)
