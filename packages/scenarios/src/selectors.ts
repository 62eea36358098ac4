import { expect } from 'vitest'
import { failure } from './failure.ts'
import { ConfigMap, pod, Pod } from './kinds.ts'
import { namesOf } from './names-of.ts'
import type { Scenario } from './scenario.ts'

/** Selector and the names of those it chooses among `web` (tier=front, canary), `api` (tier=back) and `plain` (no label). */
const labelSelectors: readonly (readonly [selector: string, names: readonly string[]])[] = [
  ['tier=front', ['web']],
  ['tier!=front', ['api', 'plain']],
  ['tier in (front, back)', ['api', 'web']],
  ['tier notin (back)', ['plain', 'web']],
  ['canary', ['web']],
  ['!tier', ['plain']],
  ['tier,!canary', ['api']],
]

export const selectors: readonly Scenario[] = [
  {
    title: 'a list has the objects that its label selector chooses, in all forms of the grammar',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'web', labels: { tier: 'front', canary: '' } } })
      await configMaps.create({ metadata: { name: 'api', labels: { tier: 'back' } } })
      await configMaps.create({ metadata: { name: 'plain' } })

      for (const [labelSelector, names] of labelSelectors) {
        const { items } = await configMaps.list({ labelSelector })
        expect([labelSelector, namesOf(items)]).toEqual([labelSelector, names])
      }
    },
  },
  {
    title: 'a list has the objects that its field selector chooses',
    async run({ client }) {
      const pods = client.resource(Pod)
      await pods.create(pod('here', 'node-1'))
      await pods.create(pod('there', 'node-2'))

      expect(namesOf((await pods.list({ fieldSelector: 'metadata.name=here' })).items)).toEqual(['here'])
      expect(namesOf((await pods.list({ fieldSelector: 'metadata.name!=here' })).items)).toEqual(['there'])
      expect(namesOf((await pods.list({ fieldSelector: 'spec.nodeName=node-2' })).items)).toEqual(['there'])
      expect(namesOf((await pods.list({ fieldSelector: 'spec.nodeName=node-3' })).items)).toEqual([])
    },
  },
  {
    title: 'a selector that cannot be read is a 400',
    async run({ client }) {
      const labels = await failure(client.resource(ConfigMap).list({ labelSelector: 'a in b' }), 'KUBE_API')
      const fields = await failure(client.resource(ConfigMap).list({ fieldSelector: 'data.colour=red' }), 'KUBE_API')

      expect([labels.status, fields.status]).toEqual([400, 400])
      expect(fields.message).toContain('data.colour')
    },
  },
  {
    title: 'deleteCollection deletes what its selector chooses, and nothing else',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'old-1', labels: { age: 'old' } } })
      await configMaps.create({ metadata: { name: 'old-2', labels: { age: 'old' } } })
      await configMaps.create({ metadata: { name: 'new', labels: { age: 'new' } } })

      await configMaps.deleteCollection({ labelSelector: 'age=old' })
      expect(namesOf((await configMaps.list()).items)).toEqual(['new'])

      await configMaps.deleteCollection({ all: true })
      expect((await configMaps.list()).items).toEqual([])
    },
  },
]
