import { expect } from 'vitest'
import { ConfigMap } from './kinds.ts'
import { collect, take } from './take.ts'
import type { Scenario } from './scenario.ts'

export const watches: readonly Scenario[] = [
  {
    title: 'a watch sees an object added, modified and deleted, in this order, as it happens',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      const events = configMaps.watch()[Symbol.asyncIterator]()
      try {
        const added = events.next()
        await configMaps.create({ metadata: { name: 'a' }, data: { n: '1' } })
        expect((await added).value).toMatchObject({
          type: 'ADDED',
          object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { n: '1' } },
        })

        await configMaps.patch('a', { merge: { data: { n: '2' } } })
        expect((await events.next()).value).toMatchObject({ type: 'MODIFIED', object: { data: { n: '2' } } })

        await configMaps.delete('a')
        expect((await events.next()).value).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'a' } } })
      } finally {
        await events.return?.()
      }
    },
  },
  {
    title: 'a watch from a resourceVersion has what came after it, and nothing before',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'before' } })
      const { resourceVersion } = (await configMaps.list()).metadata
      await configMaps.create({ metadata: { name: 'after' } })
      await configMaps.delete('before')

      const events = await take(configMaps.watch({ resourceVersion }), 2)

      expect(events.map(({ type, object }) => [type, object.metadata.name])).toEqual([
        ['ADDED', 'after'],
        ['DELETED', 'before'],
      ])
    },
  },
  {
    title: 'a watch without a resourceVersion begins with what is there',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'a' } })
      await configMaps.create({ metadata: { name: 'b' } })

      const events = await take(configMaps.watch(), 2)

      expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`).toSorted()).toEqual([
        'ADDED a',
        'ADDED b',
      ])
    },
  },
  {
    title: 'a watch of one name sees no other object',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      const { resourceVersion } = (await configMaps.list()).metadata
      await configMaps.create({ metadata: { name: 'other' } })
      await configMaps.create({ metadata: { name: 'wanted' } })

      const [event] = await take(configMaps.watch({ name: 'wanted', resourceVersion }), 1)

      expect(event).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'wanted' } } })
    },
  },
  {
    title: 'an object that leaves the selection of a watch is deleted to it, and one that enters is added',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'a', labels: { tier: 'front' } } })
      const { resourceVersion } = (await configMaps.list()).metadata
      await configMaps.patch('a', { merge: { metadata: { labels: { tier: 'back' } } } })
      await configMaps.patch('a', { merge: { metadata: { labels: { tier: 'front' } } } })

      const events = await take(configMaps.watch({ labelSelector: 'tier=front', resourceVersion }), 2)

      expect(events.map(({ type }) => type)).toEqual(['DELETED', 'ADDED'])
    },
  },
  {
    title: 'a bookmark ends the initial events, for who asks for it',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'a' } })

      const options = { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', allowBookmarks: true } as const
      const events = await take(configMaps.watch(options), 2)

      expect(events).toMatchObject([
        { type: 'ADDED', object: { metadata: { name: 'a' } } },
        { type: 'BOOKMARK', object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } },
      ])
    },
  },
  {
    title: 'a watch whose time is up ends like any loop',
    async run({ client }) {
      await client.resource(ConfigMap).create({ metadata: { name: 'a' } })

      const events = await collect(client.resource(ConfigMap).watch({ timeoutMs: 200 }))

      // A slow machine may not have seen even that by then.
      expect(['', 'ADDED']).toContain(events.map(({ type }) => type).join(' '))
    },
  },
  {
    title: 'a watch that is aborted rejects with the reason',
    async run({ client }) {
      const controller = new AbortController()
      const reason = new Error('enough')
      await client.resource(ConfigMap).create({ metadata: { name: 'a' } })

      const loop = async (): Promise<void> => {
        for await (const event of client.resource(ConfigMap).watch({ signal: controller.signal })) {
          expect(event.type).toBe('ADDED')
          controller.abort(reason)
        }
      }

      await expect(loop()).rejects.toBe(reason)
    },
  },
]
