import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import * as fc from 'fast-check'
import { it } from 'vitest'
// By its path: core is below the testing package, and a dependency on it would be a cycle.
import { type ApiServer, startApiServer } from '../../../testing/src/index.ts'
import { assembleClient } from '../../src/client/assemble-client.ts'
import { nodePlatform } from '../../src/client/node-platform.ts'
import {
  type Client,
  createClient,
  type KubeObject,
  type ResourceDescriptor,
  type Stored,
  type WatchEvent,
} from '../../src/index.ts'
import { transports } from '../support/transports.ts'

interface ConfigMap extends KubeObject {
  data?: Record<string, string>
}

const ConfigMap: ResourceDescriptor<ConfigMap> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
}

/** A network that delivers a few bytes at a time, and loses one connection after the other. */
interface Network {
  /** After so many bytes from the server; connections beyond these are not lost. */
  readonly losses: readonly number[]
  readonly pieceBytes: number
}

interface Change {
  readonly name: string
  readonly what: 'write' | 'delete' | 'end all watches'
}

type Known = Map<string, Stored<KubeObject>>

type History = typeof history extends fc.Arbitrary<infer T> ? T : never

const history = fc.record({
  network: fc.record({
    losses: fc.array(fc.nat(3000), { maxLength: 8 }),
    pieceBytes: fc.constantFrom(1, 7, 1000),
  }),
  before: fc.array(fc.constantFrom('a', 'b', 'ä', '日', '😀'), { maxLength: 5 }),
  changes: fc.array(
    fc.record({
      name: fc.constantFrom('a', 'b', 'ä', '日', '😀'),
      what: fc.constantFrom<Change['what'][]>('write', 'write', 'write', 'delete', 'delete', 'end all watches'),
    }),
    { maxLength: 25 },
  ),
  fromVersion: fc.boolean(),
  transport: fc.constantFrom(...transports),
})

// oxlint-disable-next-line vitest/expect-expect -- the property does not hold where an event or the end is wrong
it(
  'a watch sees every change once, in an order that can be, whatever the network does',
  { timeout: 120_000 },
  async () => {
    await fc.assert(fc.asyncProperty(history, run), { numRuns: 60 })
  },
)

async function run({ network, before, changes, fromVersion, transport }: History): Promise<void> {
  await using server = await startApiServer()
  await using admin = createClient(server.config)
  for (const name of before) await write(admin, name)
  // A watch without a version gives up after four losses before its first answer.
  const losses = network.losses.slice(0, fromVersion ? undefined : 3)
  await using proxy = await startNetwork(server, { ...network, losses })
  const [, factory] = transport
  const platform = { ...nodePlatform(factory), sleep: () => setImmediate() }
  await using client = assembleClient({ ...server.config, server: proxy.url }, platform)

  const list = await admin.resource(ConfigMap).list()
  const known: Known = new Map(fromVersion ? list.items.map((item) => [item.metadata.name, item]) : [])
  const { resourceVersion } = fromVersion ? list.metadata : {}
  const made = make(server, admin, changes)
  made.catch(() => undefined) // awaited below, unless the watch fails first
  for await (const event of client.resource(ConfigMap).watch({ resourceVersion })) {
    apply(known, event)
    if (known.has('end') && versionsOf(known) === versionsOf(await made)) break
  }
}

/** The state when all changes are made; the object `end` is the last. */
async function make(server: ApiServer, admin: Client, changes: readonly Change[]): Promise<Known> {
  for (const { name, what } of changes) {
    if (what === 'end all watches') server.dropWatches()
    else if (what === 'write') await write(admin, name)
    else if (await admin.resource(ConfigMap).find(idOf(name))) await admin.resource(ConfigMap).delete(idOf(name))
  }
  await write(admin, 'end')
  const { items } = await admin.resource(ConfigMap).list()
  return new Map(items.map((item) => [item.metadata.name, item]))
}

async function write(client: Client, text: string): Promise<void> {
  const before = await client.resource(ConfigMap).find(idOf(text))
  const data = { text: text.repeat(20), count: String(Number(before?.data?.['count'] ?? 0) + 1) }
  await client.resource(ConfigMap).apply({ metadata: { name: idOf(text) }, data })
}

/** A name that an object can have. */
function idOf(text: string): string {
  return /^[a-z]+$/.test(text) ? text : `u${text.codePointAt(0)}`
}

function versionsOf(objects: Known): string {
  const versions = [...objects.values()].map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`)
  return versions.toSorted().join()
}

/** @throws for an event that cannot come after those before it */
function apply(known: Known, { type, object }: WatchEvent<Stored<KubeObject>>): void {
  const { name, uid, resourceVersion } = object.metadata
  const before = known.get(name)?.metadata
  if ((before === undefined) !== (type === 'ADDED')) throw new Error(`${type} ${name}, known as ${before?.uid}`)
  if (before !== undefined && before.uid !== uid) throw new Error(`${type} ${name} ${uid}, known as ${before.uid}`)
  if (type === 'MODIFIED' && Number(resourceVersion) <= Number(before?.resourceVersion)) throw new Error('seen before')
  if (type === 'DELETED') known.delete(name)
  else known.set(name, object)
}

async function startNetwork(server: ApiServer, network: Network): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>()
  let connections = 0
  const proxy = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    const upstream = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.pipe(upstream)
    void deliver(upstream, socket, network.losses[connections] ?? Number.POSITIVE_INFINITY, network.pieceBytes)
    connections += 1
    socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
    upstream.on('error', () => socket.destroy()).on('close', () => socket.end())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, // it listens on TCP
    async [Symbol.asyncDispose]() {
      proxy.close()
      for (const socket of sockets) socket.destroy()
      await once(proxy, 'close')
    },
  }
}

async function deliver(from: Socket, to: Socket, lossAfter: number, pieceBytes: number): Promise<void> {
  let left = lossAfter
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let start = 0; start < chunk.length && left > 0; start += pieceBytes) {
        const piece = chunk.subarray(start, Math.min(start + pieceBytes, start + left, chunk.length))
        left -= piece.length
        await new Promise((resolve) => to.write(piece, resolve))
      }
      if (left <= 0) to.resetAndDestroy() // which may overtake what was sent
    }
  } catch {
    // One of the two has gone: so does the other.
  }
}
