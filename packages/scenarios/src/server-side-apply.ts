import { isConflict } from '@kubeclient/core'
import { ConfigMap } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { failure } from './failure.ts'
import type { Scenario } from './scenario.ts'

export const serverSideApply: readonly Scenario[] = [
  {
    title: 'apply creates what is absent and changes what is there',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)

      const created = await configMaps.apply({ metadata: { name: 'a' }, data: { k: '1' } })
      const changed = await configMaps.apply({ metadata: { name: 'a' }, data: { k: '2' } })

      expect(created.metadata.managedFields).toMatchObject([{ manager: 'kubeclient', operation: 'Apply' }])
      expect(changed).toMatchObject({ metadata: { uid: created.metadata.uid }, data: { k: '2' } })
    },
  },
  {
    title: 'a field that a manager no longer applies is removed, and those of others stay',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.apply({ metadata: { name: 'a' }, data: { one: '1', two: '2' } }, { fieldManager: 'first' })
      await configMaps.apply({ metadata: { name: 'a' }, data: { three: '3' } }, { fieldManager: 'second' })

      const less = await configMaps.apply({ metadata: { name: 'a' }, data: { one: '1' } }, { fieldManager: 'first' })

      expect(less.data).toEqual({ one: '1', three: '3' })
    },
  },
  {
    title: 'a conflict between managers names manager and field, and force takes the field over',
    async run({ client }) {
      const first = client.with({ fieldManager: 'first' }).resource(ConfigMap)
      const second = client.with({ fieldManager: 'second' }).resource(ConfigMap)
      await first.apply({ metadata: { name: 'a' }, data: { colour: 'red' } })
      const wanted = { metadata: { name: 'a' }, data: { colour: 'blue' } }

      const error = await failure(second.apply(wanted), 'KUBE_API')
      expect(isConflict(error)).toBe(true)
      expect(error.causes).toEqual([
        {
          reason: 'FieldManagerConflict',
          field: '.data.colour',
          message: expect.stringContaining('conflict with "first"'),
        },
      ])
      expect((await first.get('a')).data).toEqual({ colour: 'red' })

      expect((await second.apply(wanted, { force: true })).data).toEqual({ colour: 'blue' })
      const lost = await failure(first.apply({ metadata: { name: 'a' }, data: { colour: 'red' } }), 'KUBE_API')
      expect(lost.causes).toEqual([expect.objectContaining({ message: expect.stringContaining('"second"') })])
    },
  },
  {
    title: 'two managers that apply the same value own it together',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      const same = { metadata: { name: 'a' }, data: { colour: 'red' } }
      await configMaps.apply(same, { fieldManager: 'first' })

      const shared = await configMaps.apply(same, { fieldManager: 'second' })

      const managers = shared.metadata.managedFields?.map(({ manager }) => manager)
      expect(managers?.toSorted()).toEqual(['first', 'second'])
    },
  },
]
