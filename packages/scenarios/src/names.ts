import { ClusterRole } from '@kubeclient/resources/rbac/v1'
import { expect } from 'vitest'
import { failure } from './failure.ts'
import { namesOf } from './names-of.ts'
import type { Scenario } from './scenario.ts'

const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]

export const names: readonly Scenario[] = [
  {
    title: 'names with capitals, colons, spaces and question marks are those of one object each',
    async run({ client, namespace }) {
      const roles = client.resource(ClusterRole)
      for (const name of [`MyTeam:Admin:${namespace}`, `what? & so=${namespace}`, `größe #1 ${namespace}`]) {
        await roles.create({ metadata: { name }, rules })

        expect((await roles.get(name)).metadata.name).toBe(name)
        expect(namesOf((await roles.list({ fieldSelector: `metadata.name=${escaped(name)}` })).items)).toEqual([name])
        await roles.patch(name, { merge: { metadata: { labels: { seen: 'yes' } } } })
        await roles.delete(name)
        expect(await roles.find(name)).toBeUndefined()
      }
    },
  },
  {
    title: 'a name that would be another path is refused before anything is sent',
    async run({ client }) {
      for (const name of ['..', 'a/b', 'a%2fb', 'a\nb']) {
        await failure(client.resource(ClusterRole).get(name), 'KUBE_INVALID_REQUEST')
      }
    },
  },
]

/** Field selectors have an escape of their own. */
function escaped(value: string): string {
  return value.replaceAll(/[\\,=]/g, (character) => `\\${character}`)
}
