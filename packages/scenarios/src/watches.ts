import type { Client, Middleware, WatchEvent } from '@kubeclient/core'
import { ConfigMap } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { startCountingProxy } from './counting-proxy.ts'
import { collect, take } from './take.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'

/** A client in whose watch something is done before each connection but the first: while there is none. */
function withGaps({ config, createClient, namespace }: ScenarioContext, inGap: (gap: number) => Promise<void>): Client {
  let opened = 0
  const middleware: Middleware = async (request, next) => {
    if (request.operation?.verb === 'watch') {
      if (opened > 0) await inGap(opened)
      opened += 1
    }
    return next(request)
  }
  return createClient({ ...config, namespace, middleware: [middleware] })
}

const wordsOf = (events: readonly WatchEvent<ConfigMap>[]): string[] =>
  events.map(({ type, object }) => `${type} ${object.metadata?.name}`)

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
  {
    title: 'a watch goes on when the server has ended it, and misses and repeats nothing',
    async run(context) {
      const configMaps = context.client.resource(ConfigMap)
      const { resourceVersion } = (await configMaps.list()).metadata
      const own = withGaps(context, async (gap) => {
        await configMaps.create({ metadata: { name: `gap-${gap}` } })
      })
      try {
        await configMaps.create({ metadata: { name: 'first' } })
        const watch = own.resource(ConfigMap).watch({ resourceVersion, query: { timeoutSeconds: 1 } })

        expect(wordsOf(await take(watch, 3))).toEqual(['ADDED first', 'ADDED gap-1', 'ADDED gap-2'])
      } finally {
        await own.close()
      }
    },
  },
  {
    title: 'a watch goes on when its connection is lost, and misses and repeats nothing',
    needs: 'own-connections',
    async run(context) {
      const configMaps = context.client.resource(ConfigMap)
      const { resourceVersion } = (await configMaps.list()).metadata
      const proxy = await startCountingProxy(context.config)
      const own = withGaps({ ...context, config: proxy.config }, async (gap) => {
        await configMaps.create({ metadata: { name: `gap-${gap}` } })
        await configMaps.delete('first')
      })
      try {
        await configMaps.create({ metadata: { name: 'first' } })
        const seen: WatchEvent<ConfigMap>[] = []
        for await (const event of own.resource(ConfigMap).watch({ resourceVersion })) {
          if (seen.push(event) === 1) for (const { cut } of proxy.connections) cut()
          if (seen.length === 3) break
        }

        expect(wordsOf(seen)).toEqual(['ADDED first', 'ADDED gap-1', 'DELETED first'])
      } finally {
        await own.close()
        await proxy.stop()
      }
    },
  },
  {
    title: 'a watch that begins with what is there sees what was deleted while its connection was lost',
    needs: 'own-connections',
    async run(context) {
      const configMaps = context.client.resource(ConfigMap)
      for (const name of ['stays', 'goes']) await configMaps.create({ metadata: { name } })
      const proxy = await startCountingProxy(context.config)
      const own = withGaps({ ...context, config: proxy.config }, async () => {
        await configMaps.delete('goes')
        await configMaps.create({ metadata: { name: 'comes' } })
      })
      try {
        const seen: WatchEvent<ConfigMap>[] = []
        for await (const event of own.resource(ConfigMap).watch()) {
          if (seen.push(event) === 2) for (const { cut } of proxy.connections) cut()
          if (seen.length === 4) break
        }

        // The server may have had no time to say that the state is complete; then the two come in the other order.
        expect(wordsOf(seen).toSorted()).toEqual(['ADDED comes', 'ADDED goes', 'ADDED stays', 'DELETED goes'])
      } finally {
        await own.close()
        await proxy.stop()
      }
    },
  },
  {
    title: 'a watch that waits is ended by return(), which frees its connection',
    needs: 'own-connections',
    async run({ client, config, createClient, namespace }) {
      await client.resource(ConfigMap).create({ metadata: { name: 'a' } })
      const proxy = await startCountingProxy(config)
      const own = createClient({ ...proxy.config, namespace })
      try {
        const events = own.resource(ConfigMap).watch()[Symbol.asyncIterator]()
        await events.next()
        const waiting = events.next()

        await events.return?.()

        await expect(waiting).resolves.toMatchObject({ done: true })
        expect(proxy.connections).toHaveLength(1)
        await proxy.connections[0]?.closed
      } finally {
        await own.close()
        await proxy.stop()
      }
    },
  },
]
