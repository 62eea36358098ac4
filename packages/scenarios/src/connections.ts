import { ConfigMap } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { startCountingProxy } from './counting-proxy.ts'
import { failure } from './failure.ts'
import type { Scenario } from './scenario.ts'

export const connections: readonly Scenario[] = [
  {
    title: 'requests one after the other, whatever their verb, share one connection',
    needs: 'own-connections',
    async run({ config, createClient, namespace }) {
      const proxy = await startCountingProxy(config)
      const client = createClient({ ...proxy.config, namespace })
      try {
        const configMaps = client.resource(ConfigMap)
        await configMaps.create({ metadata: { name: 'a' } })
        await configMaps.list()
        expect(await configMaps.find('absent')).toBeUndefined()
        await configMaps.patch('a', { merge: { data: { k: 'v' } } })
        await client.version()
        await configMaps.delete('a')

        expect(proxy.connections).toHaveLength(1)
      } finally {
        await client.close()
        await proxy.stop()
      }
    },
  },
  {
    title: 'break out of a watch frees its connection',
    needs: 'own-connections',
    async run({ config, createClient, client, namespace }) {
      await client.resource(ConfigMap).create({ metadata: { name: 'a' } })
      const proxy = await startCountingProxy(config)
      const own = createClient({ ...proxy.config, namespace })
      try {
        await own.version()
        for await (const event of own.resource(ConfigMap).watch()) {
          expect(event.type).toBe('ADDED')
          expect(proxy.connections).toHaveLength(2)
          break
        }
        await proxy.connections[1]?.closed
      } finally {
        await own.close()
        await proxy.stop()
      }
    },
  },
  {
    title: 'a client that is closed leaves no connection behind, not even of a watch, and takes no call',
    needs: 'own-connections',
    async run({ config, createClient, client, namespace }) {
      await client.resource(ConfigMap).create({ metadata: { name: 'a' } })
      const proxy = await startCountingProxy(config)
      const own = createClient({ ...proxy.config, namespace })
      try {
        await own.version()
        const events = own.resource(ConfigMap).watch()[Symbol.asyncIterator]()
        expect(await events.next()).toMatchObject({ value: { type: 'ADDED' } })
        const pending = failure(events.next(), 'KUBE_TRANSPORT')
        expect(proxy.connections.map(({ isOpen }) => isOpen())).toEqual([true, true])

        await own.close()

        await Promise.all(proxy.connections.map(({ closed }) => closed))
        expect((await pending).message).toContain('closed')
        expect((await failure(own.version(), 'KUBE_TRANSPORT')).message).toContain('closed')
      } finally {
        await own.close()
        await proxy.stop()
      }
    },
  },
]
