import { ConfigMap } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { failure } from './failure.ts'
import type { Scenario } from './scenario.ts'

export const dryRuns: readonly Scenario[] = [
  {
    title: 'a rehearsed create answers as the real one, and stores nothing',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)

      const rehearsed = await configMaps.create({ metadata: { name: 'a' }, data: { k: 'v' } }, { dryRun: true })

      expect(rehearsed).toMatchObject({ metadata: { name: 'a' }, data: { k: 'v' } })
      expect(await configMaps.find('a')).toBeUndefined()
    },
  },
  {
    title: 'every write of a rehearsing client leaves the object as it was',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      const before = await configMaps.create({ metadata: { name: 'a' }, data: { k: 'v' } })
      const rehearsal = client.with({ dryRun: true }).resource(ConfigMap)

      expect((await rehearsal.replace({ ...before, data: { k: 'replaced' } })).data).toEqual({ k: 'replaced' })
      expect((await rehearsal.patch('a', { merge: { data: { k: 'patched' } } })).data).toEqual({ k: 'patched' })
      const applied = { metadata: { name: 'a' }, data: { k: 'applied' } }
      expect((await rehearsal.apply(applied, { force: true })).data).toEqual({ k: 'applied' })
      await rehearsal.delete('a')
      await rehearsal.deleteCollection({ all: true })

      expect(await configMaps.get('a')).toEqual(before)
    },
  },
  {
    title: 'a rehearsal is refused where the real write would be',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'a' } })

      const error = await failure(configMaps.create({ metadata: { name: 'a' } }, { dryRun: true }), 'KUBE_API')

      expect(error.reason).toBe('AlreadyExists')
    },
  },
]
