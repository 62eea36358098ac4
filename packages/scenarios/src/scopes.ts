import { allNamespaces } from '@kubeclient/core'
import { ConfigMap, Namespace } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { failure } from './failure.ts'
import { namesOf } from './names-of.ts'
import { recordRequests } from './record-requests.ts'
import type { Scenario } from './scenario.ts'

export const scopes: readonly Scenario[] = [
  {
    title: 'objects of the same name in two namespaces are two objects',
    async run({ client, namespace }) {
      const other = `${namespace}-other`
      await client.resource(Namespace).create({ metadata: { name: other } })
      await client.resource(ConfigMap).create({ metadata: { name: 'a' }, data: { in: 'own' } })
      await client.resource(ConfigMap, { namespace: other }).create({ metadata: { name: 'a' }, data: { in: 'other' } })

      expect((await client.resource(ConfigMap).get('a')).data).toEqual({ in: 'own' })
      expect((await client.resource(ConfigMap).get('a', { namespace: other })).data).toEqual({ in: 'other' })
      expect((await client.with({ namespace: other }).resource(ConfigMap).get('a')).data).toEqual({ in: 'other' })
      const { items } = await client
        .resource(ConfigMap, { namespace: allNamespaces })
        .list({ fieldSelector: 'metadata.name=a' })
      const namespaces = items.map(({ metadata }) => metadata.namespace)
      expect(namespaces).toEqual(expect.arrayContaining([namespace, other]))
    },
  },
  {
    title: 'a cluster-scoped object lies in no namespace',
    async run({ client, namespace }) {
      const found = await client.resource(Namespace).get(namespace)

      expect(found.metadata.namespace).toBeUndefined()
      expect(namesOf((await client.resource('namespaces').list()).items)).toEqual(
        expect.arrayContaining(['default', 'kube-system', namespace]),
      )
    },
  },
  {
    title: 'a namespace for a cluster-scoped kind is refused before anything is sent',
    async run({ withClient, config, namespace }) {
      const { config: recorded, requests } = recordRequests(config)
      await withClient(recorded, async (client) => {
        const calls = [
          client.resource(Namespace).get(namespace, { namespace: 'default' }),
          client.resource(Namespace).list({ namespace: 'default' }),
          client.resource(Namespace, { namespace: 'default' }).delete(namespace),
        ]
        for (const call of calls) {
          expect((await failure(call, 'KUBE_INVALID_REQUEST')).message).toContain('namespaces are not namespaced')
        }
      })

      expect(requests).toEqual([])
    },
  },
  {
    title: 'what could address a whole collection by accident is refused before anything is sent',
    async run({ withClient, config }) {
      const { config: recorded, requests } = recordRequests(config)
      await withClient(recorded, async (client) => {
        const configMaps = client.resource(ConfigMap)
        const calls = [
          configMaps.delete(''),
          configMaps.delete('.'),
          configMaps.delete('a/../b'),
          configMaps.delete('a', { namespace: '' }),
          configMaps.deleteCollection({ labelSelector: '' }),
          configMaps.deleteCollection({} as { all: true }), // what JavaScript can pass
          client.resource(ConfigMap, { namespace: allNamespaces }).delete('a'),
        ]
        for (const call of calls) await failure(call, 'KUBE_INVALID_REQUEST')
      })

      expect(requests).toEqual([])
    },
  },
  {
    title: 'an object that says another namespace than the call is refused before anything is sent',
    async run({ withClient, config, namespace }) {
      const { config: recorded, requests } = recordRequests(config)
      await withClient(recorded, async (client) => {
        const object = { metadata: { name: 'a', namespace } }
        const error = await failure(
          client.resource(ConfigMap).create(object, { namespace: 'default' }),
          'KUBE_INVALID_REQUEST',
        )
        expect(error.message).toContain(namespace)
      })

      expect(requests).toEqual([])
    },
  },
]
