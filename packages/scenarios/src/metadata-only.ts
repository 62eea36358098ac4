import { ConfigMap } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { namesOf } from './names-of.ts'
import { take } from './take.ts'
import type { Scenario } from './scenario.ts'

const metadataKind = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' }

export const metadataOnly: readonly Scenario[] = [
  {
    title: 'metadata reads objects without what they hold, one by one, as a list and as a watch',
    async run({ client }) {
      const created = await client.resource(ConfigMap).create({ metadata: { name: 'a' }, data: { secret: 'x' } })
      const metadata = client.resource(ConfigMap).metadata()

      const found = await metadata.get('a')
      expect(found).toMatchObject({ ...metadataKind, metadata: { name: 'a', uid: created.metadata.uid } })
      expect(found).not.toHaveProperty('data')
      const { items } = await metadata.list()
      expect(namesOf(items)).toEqual(['a'])
      expect(items[0]).not.toHaveProperty('data')
      const [event] = await take(metadata.watch(), 1)
      expect(event).toMatchObject({ type: 'ADDED', object: { ...metadataKind, metadata: { name: 'a' } } })
      expect(event?.object).not.toHaveProperty('data')
    },
  },
  {
    title: 'metadata is patched and answered without the rest, which stays',
    async run({ client }) {
      await client.resource(ConfigMap).create({ metadata: { name: 'a' }, data: { k: 'v' } })

      const patch = { merge: { metadata: { labels: { tier: 'front' } } } }
      const patched = await client.resource(ConfigMap).metadata().patch('a', patch)

      expect(patched).toMatchObject({ ...metadataKind, metadata: { labels: { tier: 'front' } } })
      expect(patched).not.toHaveProperty('data')
      expect(await client.resource(ConfigMap).get('a')).toMatchObject({
        metadata: { labels: { tier: 'front' } },
        data: { k: 'v' },
      })
    },
  },
  {
    title: 'an object is deleted and one is missed by metadata as by the whole kind',
    async run({ client }) {
      await client.resource(ConfigMap).create({ metadata: { name: 'a' } })
      const metadata = client.resource(ConfigMap).metadata()

      await metadata.delete('a')

      expect(await metadata.find('a')).toBeUndefined()
    },
  },
]
