import { isStatus } from '@kubeclient/core'
import { expect } from 'vitest'
import { installWidgets, Widget } from './install-widgets.ts'
import { namesOf } from './names-of.ts'
import { take } from './take.ts'
import type { Scenario } from './scenario.ts'

export const customResources: readonly Scenario[] = [
  {
    title: 'a custom resource lives as a built-in one does, from its definition to its end',
    async run({ client, namespace }) {
      await installWidgets(client)
      const resource = client.resource(Widget)

      const created = await resource.create({ metadata: { name: 'a' }, spec: { size: 1 } })
      expect(created).toMatchObject({ kind: 'Widget', metadata: { name: 'a', namespace }, spec: { size: 1 } })
      expect(await resource.get('a')).toEqual(created)
      const replaced = await resource.replace({ ...created, spec: { size: 2 } })
      expect(replaced.spec).toEqual({ size: 2 })
      expect((await resource.patch('a', { merge: { spec: { colour: 'red' } } })).spec).toEqual({
        size: 2,
        colour: 'red',
      })
      expect((await resource.apply({ metadata: { name: 'b' }, spec: { size: 3 } })).spec).toEqual({ size: 3 })
      expect(namesOf((await resource.list()).items)).toEqual(['a', 'b'])

      const [event] = await take(resource.watch({ name: 'b' }), 1)
      expect(event).toMatchObject({ type: 'ADDED', object: { kind: 'Widget', spec: { size: 3 } } })

      expect(isStatus(await resource.delete('a'))).toBe(true)
      expect(namesOf((await resource.list()).items)).toEqual(['b'])
    },
  },
  {
    title: 'fields that no schema names survive get, change and replace',
    async run({ client }) {
      await installWidgets(client)
      const resource = client.resource(Widget)
      const unknown = {
        nested: { list: [1, 'two', { three: null }], empty: {}, none: [] },
        date: '2026-01-02T03:04:05Z',
        number: 1.5,
        big: 9_007_199_254_740_991,
      }
      await resource.create({ metadata: { name: 'a' }, spec: { size: 1, unknown } })

      const found = await resource.get('a')
      await resource.replace({ ...found, spec: { ...found.spec, size: 2 } })

      expect((await resource.get('a')).spec).toEqual({ size: 2, unknown })
    },
  },
  {
    title: 'the generation counts changes of the spec, and of nothing else',
    async run({ client }) {
      await installWidgets(client)
      const resource = client.resource(Widget)

      const created = await resource.create({ metadata: { name: 'a' }, spec: { size: 1 } })
      const labelled = await resource.patch('a', { merge: { metadata: { labels: { tier: 'front' } } } })
      const resized = await resource.patch('a', { merge: { spec: { size: 2 } } })

      expect([created, labelled, resized].map(({ metadata }) => metadata.generation)).toEqual([1, 1, 2])
    },
  },
]
