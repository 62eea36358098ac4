import { isStatus, type LabelSelector } from '@kubeclient/core'
import { ConfigMap, Pod } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { failure } from './failure.ts'
import { pod } from './pod.ts'
import { namesOf } from './names-of.ts'
import { recordRequests } from './record-requests.ts'
import type { Scenario } from './scenario.ts'

/** Selector and the names of those it chooses among `web` (tier=front, canary), `api` (tier=back) and `plain` (no label). */
const labelSelectors: readonly (readonly [selector: string | LabelSelector, names: readonly string[]])[] = [
  ['tier=front', ['web']],
  ['tier!=front', ['api', 'plain']],
  ['tier in (front, back)', ['api', 'web']],
  ['tier notin (back)', ['plain', 'web']],
  ['canary', ['web']],
  ['!tier', ['plain']],
  ['tier,!canary', ['api']],
  [{ matchLabels: { tier: 'front', canary: '' } }, ['web']],
  [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front', 'back'] }] }, ['plain']],
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
    title: 'a label selector that cannot be read is refused before anything is sent, as the server would',
    async run({ withClient, config, namespace }) {
      const { config: recorded, requests } = recordRequests(config)
      await withClient({ ...recorded, namespace }, async (client) => {
        const labelSelector = 'a in b'
        const error = await failure(client.resource(ConfigMap).list({ labelSelector }), 'KUBE_INVALID_REQUEST')
        expect(error.message).toContain('"a in b" is no label selector')
        expect(requests).toEqual([])

        const path = `/api/v1/namespaces/${namespace}/configmaps`
        const answer = await failure(client.request({ path, query: { labelSelector } }), 'KUBE_API')
        expect(answer).toMatchObject({ status: 400, reason: 'BadRequest' })
      })
    },
  },
  {
    title: 'a field that cannot be selected by is a 400 that names it',
    async run({ client }) {
      const error = await failure(client.resource(ConfigMap).list({ fieldSelector: 'data.colour=red' }), 'KUBE_API')

      expect(error).toMatchObject({ status: 400, reason: 'BadRequest' })
      expect(error.message).toContain('data.colour')
    },
  },
  {
    title: 'deleteCollection deletes what its selector chooses, and nothing else',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'old-1', labels: { age: 'old' } } })
      await configMaps.create({ metadata: { name: 'old-2', labels: { age: 'old' } } })
      await configMaps.create({ metadata: { name: 'new', labels: { age: 'new' } } })

      const gone = await configMaps.deleteCollection({ labelSelector: 'age=old' })
      expect(isStatus(gone) || gone.items.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
        ['ConfigMap', 'old-1'],
        ['ConfigMap', 'old-2'],
      ])
      expect(namesOf((await configMaps.list()).items)).toEqual(['new'])

      await configMaps.deleteCollection({ all: true })
      expect((await configMaps.list()).items).toEqual([])
    },
  },
]
