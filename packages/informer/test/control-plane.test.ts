import { createClient, type DynamicObject, type ResourceClient } from '@kubeclient/core'
import { type ControlPlane, startControlPlane } from '@kubeclient/testing'
import { assert, asyncProperty } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInformer } from '../src/index.ts'
import { ObjectInformer } from '../src/object-informer.ts'
import { fastEffects } from './support/fast-effects.ts'
import { FaultProxy } from './support/fault-proxy.ts'
import { configMaps, liveHistory, type LiveServer } from './support/live-history.ts'
import { randomHistory } from './support/random-history.ts'
import { seeded, timeoutFor } from './support/seeded.ts'

const limitMs = 60_000
const skips = process.env['KUBEBUILDER_ASSETS'] === undefined

describe.skipIf(skips)('an informer of a real API server', { timeout: timeoutFor(limitMs) }, () => {
  let cluster: ControlPlane
  let live: LiveServer
  let direct: ResourceClient<DynamicObject>
  let close: (() => Promise<void>) | undefined

  beforeAll(async () => {
    cluster = await startControlPlane()
    const client = createClient(cluster.config)
    const { token } = cluster.tokenConfig.credentials as { token: string } // as the control plane makes it
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'informer' } })
    direct = client.resource(configMaps, { namespace: 'informer' })
    live = {
      server: new URL(cluster.config.server),
      token,
      ca: cluster.ca,
      direct,
      namespace: 'informer',
      compact: () => cluster.compact(),
      restart: () => undefined,
    }
    close = () => client.close()
  }, 120_000)

  afterAll(async () => {
    await close?.()
    await cluster.stop()
  })

  const write = (name: string, value: string) => direct.apply({ metadata: { name }, data: { value } })

  it('streams the present state, watches, and reads its own writes', async () => {
    const stored = await write('own', '1')
    const asked: string[] = []
    const client = createClient({
      ...cluster.config,
      middleware: [
        (request, next) => {
          asked.push(request.query.map(([name, value]) => `${name}=${value}`).join('&'))
          return next(request)
        },
      ],
    })
    const informer = createInformer(client.resource(configMaps, { namespace: 'informer' }))
    await informer.synced({ signal: AbortSignal.timeout(20_000) })
    expect(informer.get('own', 'informer')).toEqual(stored)

    const written = await write('own', '2')
    await informer.waitFor(written.metadata.resourceVersion, { signal: AbortSignal.timeout(20_000) })
    expect(informer.get('own', 'informer')).toEqual(written)
    expect(asked).toHaveLength(1)
    expect(asked[0]).toContain('sendInitialEvents=true')
    await informer.stop()
    await client.close()
  })

  it('goes on when kube-apiserver is restarted, and tells what it missed after etcd was compacted', async () => {
    const kept = await write('kept', '1')
    await write('changed', '1')
    await write('gone', '1')
    const proxy = await FaultProxy.start(live)
    const client = createClient({ server: proxy.url, credentials: { token: proxy.token }, proxy: false, retry: false })
    const informer = new ObjectInformer(client.resource(configMaps, { namespace: 'informer' }), {}, fastEffects())
    await informer.synced({ signal: AbortSignal.timeout(20_000) })
    const before = informer.resourceVersion
    const seen: string[] = []
    const following = informer.subscribe({
      added: ({ metadata }) => void seen.push(`added ${metadata.name}`),
      updated: ({ metadata }) => void seen.push(`updated ${metadata.name}`),
      deleted: ({ metadata }, { finalStateUnknown }) => void seen.push(`deleted ${metadata.name} ${finalStateUnknown}`),
    })
    await following.synced()
    seen.length = 0

    proxy.hold()
    await write('changed', '2')
    await direct.delete('gone')
    await cluster.restartApiServer()
    await cluster.compact()
    await cluster.restartApiServer() // now it has no memory of its own either
    const fresh = await write('fresh', '1')
    proxy.release()
    await informer.waitFor(fresh.metadata.resourceVersion, { signal: AbortSignal.timeout(30_000) })
    await informer.subscribe({}).synced()

    expect(seen.filter((line) => !line.endsWith('own')).toSorted()).toEqual([
      'added fresh',
      'deleted gone true',
      'updated changed',
    ])
    expect(informer.get('kept', 'informer')).toEqual(kept)
    expect(proxy.expiries).toBeGreaterThan(0)
    expect(Number(informer.resourceVersion)).toBeGreaterThan(Number(before))
    await informer.stop()
    await client.close()
    await proxy.stop()
  })

  it('ends with what the server has, over random histories', async () => {
    await assert(
      asyncProperty(randomHistory, async (history) => {
        const outcome = await liveHistory(live, history)

        expect(outcome.store).toEqual(outcome.wanted)
        expect(outcome.replica).toEqual(outcome.wanted)
        expect(outcome).toMatchObject({ complaints: [], wentBack: [], openWatches: 1, openConnections: 0 })
      }),
      seeded(25, limitMs),
    )
  })
})
