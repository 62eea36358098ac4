// What an informer takes: node informer.ts SERVER WORKLOAD. Prints what it took, as JSON.
import { setTimeout } from 'node:timers/promises'
import { createClient, type KubeObject, type Middleware, type ResourceDescriptor } from '@kubeclient/core'
import { createInformer, withoutManagedFields } from '@kubeclient/informer'
import { request } from 'undici'

const pods: ResourceDescriptor<KubeObject> = { apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespaced: true }
const [, , server = '', workload = ''] = process.argv
const client = createClient({ server, proxy: false })

/** Has the server answer as one that cannot stream. */
const refuseStreams: Middleware = (sent, next) =>
  next(
    sent.query.some(([name]) => name === 'sendInitialEvents')
      ? { ...sent, query: [...sent.query, ['refuse', 'true']] }
      : sent,
  )

const eventCount = 20_000
const last = String(1000 + 200 + eventCount)
const events = `pods-200-events-${eventCount}`

interface Event {
  type: string
  object: { metadata: { name: string; resourceVersion: string } }
}

const workloads: Record<string, () => Promise<unknown>> = {
  /** As a careful programmer writes it: bytes split at newlines, the objects by name in a Map, and told to one listener. */
  async 'events by hand'() {
    const path = `/api/v1/namespaces/${events}/pods?watch=true&sendInitialEvents=true`
    const { body } = await request(`${server}${path}`)
    const objects = new Map<string, Event['object']>()
    let told = 0
    let rest: Buffer = Buffer.alloc(0)
    for await (const chunk of body as AsyncIterable<Buffer>) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let start = 0
      for (let end = rest.indexOf(10); end >= 0; start = end + 1, end = rest.indexOf(10, start)) {
        const { type, object } = JSON.parse(rest.toString('utf8', start, end)) as Event // as the server makes them
        if (type !== 'BOOKMARK') objects.set(object.metadata.name, object)
        told += 1
        if (object.metadata.resourceVersion === last) return told
      }
      rest = rest.subarray(start)
    }
    throw new Error('the events ended early')
  },
  /** What an informer is made of. */
  'events by watch': () => watched(),
  /** That rests for 30 ms after each thousand. */
  'events by watch, slow reader': () => watched(30),
  async 'events by informer'() {
    const informer = createInformer(client.resource(pods, { namespace: events }))
    let told = 0
    informer.subscribe({ added: () => void (told += 1), updated: () => void (told += 1) })
    await informer.waitFor(last)
    return told
  },
  /** Whose subscriber takes a millisecond for each. */
  async 'events, slow reader'() {
    const informer = createInformer(client.resource(pods, { namespace: events }))
    informer.subscribe({ updated: () => setTimeout(1) })
    await informer.waitFor(last)
  },
  '100 000 pods, streamed': () => sync('streamed'),
  '100 000 pods, in pages': () => sync('in pages'),
  async '50 informers'() {
    const all = Array.from({ length: 50 }, () => createInformer(client.resource(pods, { namespace: 'pods-200' })))
    await Promise.all(all.map((informer) => informer.synced()))
    return all.reduce((sum, informer) => sum + informer.list().length, 0)
  },
}

async function watched(restMs?: number): Promise<number> {
  const watch = client.resource(pods, { namespace: events }).watch({ sendInitialEvents: true })
  const objects = new Map<string, KubeObject>()
  let told = 0
  for await (const { object } of watch) {
    objects.set(object.metadata.name, object)
    told += 1
    if (object.metadata.resourceVersion === last) return told
    if (restMs !== undefined && told % 1000 === 0) await setTimeout(restMs)
  }
  throw new Error('the events ended early')
}

async function sync(how: 'streamed' | 'in pages'): Promise<number> {
  const refusing = createClient({ server, proxy: false, middleware: [refuseStreams] })
  const chosen = how === 'streamed' ? client : refusing
  const informer = createInformer(chosen.resource(pods, { namespace: 'pods-100000' }), {
    transform: withoutManagedFields,
  })
  await informer.synced()
  return informer.list().length
}

// What is loaded at the first use does not count, so each is used once.
for await (const _ of client.resource(pods, { namespace: 'pods-1' }).watch({ sendInitialEvents: true })) break
const warm = createInformer(client.resource(pods, { namespace: 'pods-1' }))
await warm.synced()
await warm.stop()
await (await request(`${server}/api/v1/namespaces/pods-1/pods`)).body.json()

const [start, begun] = [performance.now(), process.cpuUsage()]
const result = await workloads[workload]?.()
const ms = performance.now() - start
const cpu = process.cpuUsage(begun)
console.log(
  JSON.stringify({ ms, cpu: (cpu.user + cpu.system) / 1000, rss: process.resourceUsage().maxRSS / 1024, result }),
)
process.exit()
