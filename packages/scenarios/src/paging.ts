import { ConfigMap } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { collect, take } from './take.ts'
import { namesOf } from './names-of.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'

const names = ['a', 'b', 'c', 'd', 'e']

async function createAll({ client }: ScenarioContext): Promise<void> {
  for (const name of names) await client.resource(ConfigMap).create({ metadata: { name } })
}

export const paging: readonly Scenario[] = [
  {
    title: 'pages come in the size that was asked for, with each object once',
    async run(context) {
      await createAll(context)

      const pages = await collect(context.client.resource(ConfigMap).pages({ pageSize: 2 }))

      expect(pages.map(({ items }) => namesOf(items))).toEqual([['a', 'b'], ['c', 'd'], ['e']])
      expect(new Set(pages.map(({ metadata }) => metadata.resourceVersion)).size).toBe(1)
    },
  },
  {
    title: 'items run across pages and say their kind',
    async run(context) {
      await createAll(context)

      const items = await collect(context.client.resource(ConfigMap).items({ pageSize: 2 }))

      expect(namesOf(items)).toEqual(names)
      expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['ConfigMap']))
    },
  },
  {
    title: 'pages are of one moment: what is created meanwhile is not among them',
    async run(context) {
      await createAll(context)
      const configMaps = context.client.resource(ConfigMap)
      const seen: (string | undefined)[] = []

      for await (const { items } of configMaps.pages({ pageSize: 3 })) {
        seen.push(...namesOf(items))
        if (seen.length === 3) await configMaps.create({ metadata: { name: 'dd' } })
      }

      expect(seen).toEqual(names)
    },
  },
  {
    title: 'a limited list tells how many are left and where to go on',
    async run(context) {
      await createAll(context)
      const configMaps = context.client.resource(ConfigMap)

      const first = await configMaps.list({ limit: 2 })
      expect([namesOf(first.items), first.metadata.remainingItemCount]).toEqual([['a', 'b'], 3])

      const rest = await configMaps.list({ continue: first.metadata.continue })
      expect([namesOf(rest.items), rest.metadata.continue]).toEqual([['c', 'd', 'e'], undefined])
    },
  },
  {
    title: 'pages are of the objects that a selector chooses, and a loop may be left early',
    async run(context) {
      await createAll(context)
      const configMaps = context.client.resource(ConfigMap)
      await configMaps.patch('d', { merge: { metadata: { labels: { tier: 'front' } } } })
      await configMaps.patch('e', { merge: { metadata: { labels: { tier: 'front' } } } })

      expect(namesOf(await collect(configMaps.items({ pageSize: 1, labelSelector: 'tier=front' })))).toEqual(['d', 'e'])
      expect(namesOf(await take(configMaps.items({ pageSize: 2 }), 3))).toEqual(['a', 'b', 'c'])
    },
  },
]
