import { type Client, createClient } from '@kubeclient/core'
import { ConfigMap } from '@kubeclient/resources/core/v1'
import { type ApiServer, startApiServer } from '@kubeclient/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startCountingProxy } from '../src/counting-proxy.ts'

describe.each([
  ['HTTP', false],
  ['HTTPS', true],
] as const)('connections over %s', (_, tls) => {
  let server: ApiServer
  let client: Client

  beforeEach(async () => {
    server = await startApiServer({
      tls,
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } }],
    })
    client = createClient(server.config)
  })
  afterEach(async () => {
    await client.close()
    await server.stop()
  })

  it('300 requests one after the other use one', async () => {
    const configMaps = client.resource(ConfigMap)

    for (let n = 0; n < 100; n += 1) {
      await configMaps.list()
      await configMaps.patch('a', { merge: { data: { n: String(n) } } })
      await configMaps.find('absent')
    }

    expect(server.requests).toHaveLength(300)
    expect(server.connections).toBe(1)
  })

  it('100 requests at the same time use several, and at most 32', async () => {
    const configMaps = client.resource(ConfigMap)

    const lists = await Promise.all(Array.from({ length: 100 }, () => configMaps.list()))

    expect(lists).toHaveLength(100)
    expect(server.connections).toBeGreaterThan(1)
    expect(server.connections).toBeLessThanOrEqual(32)
  })

  it('a hundred open watches do not keep a call waiting, and each sees what the call did', async () => {
    const configMaps = client.resource(ConfigMap)
    const watches = Array.from({ length: 100 }, () => configMaps.watch()[Symbol.asyncIterator]())
    const first = await Promise.all(watches.map((events) => events.next()))
    expect(first.map(({ value }) => value?.type)).toEqual(Array.from({ length: 100 }, () => 'ADDED'))

    await configMaps.patch('a', { merge: { data: { k: 'v' } } })

    const second = await Promise.all(watches.map((events) => events.next()))
    expect(second.map(({ value }) => value?.object.data)).toEqual(Array.from({ length: 100 }, () => ({ k: 'v' })))
    for (const events of watches) await events.return?.()
  })

  it('a closed client has none, whatever was going on', async () => {
    const proxy = await startCountingProxy(server.config)
    const own = createClient(proxy.config)
    const watches = Array.from({ length: 10 }, () => own.resource(ConfigMap).watch()[Symbol.asyncIterator]())
    await Promise.all(watches.map((events) => events.next()))
    await Promise.all(Array.from({ length: 10 }, () => own.version()))
    expect(proxy.connections.length).toBeGreaterThan(10)
    const pending = [...watches.map((events) => events.next()), ...watches.map(() => own.version())]

    const [, ...outcomes] = await Promise.all([own.close(), ...pending.map(outcome)])

    await Promise.all(proxy.connections.map(({ closed }) => closed))
    expect(new Set(outcomes)).toEqual(new Set(['KUBE_TRANSPORT']))
    await proxy.stop()
  })
})

async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
    return 'succeeded'
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}
