import { setTimeout } from 'node:timers/promises'
import {
  createClient,
  type DynamicObject,
  isNotFound,
  type ResourceClient,
  type ResourceDescriptor,
  type Stored,
} from '@kubeclient/core'
import { ObjectInformer } from '../../src/object-informer.ts'
import { fastEffects } from './fast-effects.ts'
import { FaultProxy, type Upstream } from './fault-proxy.ts'
import type { Happening } from './random-history.ts'
import { Replica } from './replica.ts'

export const configMaps: ResourceDescriptor<DynamicObject> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
}

export interface LiveServer extends Upstream {
  /** Writes without a proxy between. */
  readonly direct: ResourceClient<DynamicObject>
  readonly namespace: string
  compact(): Promise<void> | void
  /** Ends the watches, as a restart does. */
  restart(): Promise<void> | void
}

/** What an informer and its subscriber had when all was over and calm, beside what the server has. */
export interface LiveOutcome {
  readonly wanted: readonly string[]
  readonly store: readonly string[]
  readonly replica: readonly string[]
  readonly complaints: readonly string[]
  readonly wentBack: readonly string[]
  readonly openWatches: number
  readonly openConnections: number
  readonly troubled: number
}

/** Runs an informer through a proxy that makes trouble, while somebody writes. */
export async function liveHistory(server: LiveServer, history: readonly Happening[]): Promise<LiveOutcome> {
  const proxy = await FaultProxy.start(server)
  const effects = fastEffects()
  const client = createClient({
    server: proxy.url,
    credentials: { name: 'rotating', getCredentials: () => Promise.resolve({ token: proxy.token }) },
    namespace: server.namespace,
    timeouts: { responseMs: 1500 },
    retry: false, // so that the informer meets each fault itself
    proxy: false,
  })
  proxy.plan(history.flatMap((each) => ('fault' in each ? [each.fault] : [])).slice(0, 2))
  const informer = new ObjectInformer(client.resource(configMaps), {}, effects)
  const replica = new Replica<DynamicObject>()
  const wentBack: string[] = []
  let version = 0
  const following = (async () => {
    for await (const change of informer.changes()) {
      replica.follow(change)
      const now = Number(informer.resourceVersion)
      if (now < version) wentBack.push(`${version} → ${now}`)
      version = now
    }
  })()
  try {
    for (const each of history) await happen(each, { server, proxy, jump: (ms) => effects.jump(ms) })
    proxy.calm()
    const last = await put(server.direct, 'last')
    await informer.waitFor(last.metadata.resourceVersion, { signal: AbortSignal.timeout(20_000) })
    await setTimeout(0) // the subscriber has it in its queue
    const { items } = await server.direct.list()
    const described = {
      wanted: describe(items),
      store: describe(informer.list()),
      replica: describe(replica.objects.values()),
    }
    const { openWatches } = proxy
    await informer.stop()
    await following
    await client.close()
    await settled(() => proxy.openConnections === 0)
    const { openConnections, troubled } = proxy
    return { ...described, complaints: replica.complaints, wentBack, openWatches, openConnections, troubled }
  } catch (error) {
    throw new Error(
      `${String(error)}; health: ${JSON.stringify(informer.health)}; asked: ${proxy.paths.slice(-5).join(' ')}`,
      { cause: error },
    )
  } finally {
    await informer.stop()
    await client.close()
    await proxy.stop()
  }
}

interface World {
  readonly server: LiveServer
  readonly proxy: FaultProxy
  readonly jump: (ms: number) => void
}

async function happen(each: Happening, { server, proxy, jump }: World): Promise<void> {
  if ('put' in each) await put(server.direct, each.put)
  else if ('remove' in each) await remove(server.direct, each.remove)
  else if ('fault' in each) proxy.plan([each.fault])
  else if ('compact' in each) await server.compact()
  else if ('restart' in each) await server.restart()
  else if ('breakAll' in each) proxy.breakAll()
  else if ('jump' in each) jump(each.jump)
  else await setTimeout(each.pause)
}

let writes = 0

async function put(direct: ResourceClient<DynamicObject>, name: string): Promise<Stored<DynamicObject>> {
  writes += 1
  return direct.apply({ metadata: { name }, data: { writes: `${writes} ✓` } })
}

async function remove(direct: ResourceClient<DynamicObject>, name: string): Promise<void> {
  try {
    await direct.delete(name)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

function describe(objects: Iterable<Stored<DynamicObject>>): string[] {
  return Array.from(
    objects,
    ({ metadata: { name, uid, resourceVersion } }) => `${name} ${uid} ${resourceVersion}`,
  ).toSorted()
}

/** Sockets close a moment after their owner let go. */
async function settled(isSettled: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 500 && !isSettled(); attempt += 1) await setTimeout(2)
}
