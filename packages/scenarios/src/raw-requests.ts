import { expect } from 'vitest'
import { failure } from './failure.ts'
import type { Scenario } from './scenario.ts'

const named = (name: string): object => ({ metadata: { name } })

export const rawRequests: readonly Scenario[] = [
  {
    title: 'any path can be asked for, as text or as JSON, with a query',
    async run({ client, namespace }) {
      const ready = await client.request({ path: '/readyz' })
      expect([ready.status, await ready.text()]).toEqual([200, 'ok'])

      const path = `/api/v1/namespaces/${namespace}/configmaps`
      const list = await client.request({ path, query: { labelSelector: 'tier in (a, b)', limit: 1 } })
      expect(await list.json()).toMatchObject({ kind: 'ConfigMapList', items: [] })
    },
  },
  {
    title: 'an object, a string and bytes can be sent',
    async run({ client, namespace }) {
      const path = `/api/v1/namespaces/${namespace}/configmaps`
      const bodies = [named('a'), JSON.stringify(named('b')), new TextEncoder().encode(JSON.stringify(named('c')))]

      for (const body of bodies) {
        const response = await client.request({ path, method: 'POST', body })
        expect(response.status).toBe(201)
        response.cancel()
      }

      const list = await client.resource('configmaps').list()
      expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c'])
    },
  },
  {
    title: 'an unknown path is an ApiError 404',
    async run({ client }) {
      const error = await failure(client.request({ path: '/nowhere' }), 'KUBE_API')

      expect(error.status).toBe(404)
      expect(error.request).toMatchObject({ method: 'GET', url: expect.stringContaining('/nowhere') })
    },
  },
  {
    title: 'the raw writes of a rehearsing client store nothing',
    async run({ client, namespace }) {
      const path = `/api/v1/namespaces/${namespace}/configmaps`
      const configMaps = client.resource('configmaps')
      await configMaps.create({ metadata: { name: 'a' }, data: { k: 'v' } })
      const before = await configMaps.get('a')
      const rehearsal = client.with({ dryRun: true })

      const created = await rehearsal.request({ path, method: 'POST', body: named('b') })
      expect([created.status, await created.json()]).toMatchObject([201, named('b')])
      const changed = { ...before, data: { k: 'w' } }
      const replaced = await rehearsal.request({ path: `${path}/a`, method: 'PUT', body: changed })
      expect(await replaced.json()).toMatchObject({ data: { k: 'w' } })
      const deleted = await rehearsal.request({ path: `${path}/a`, method: 'DELETE' })
      expect(deleted.status).toBe(200)

      const { items } = await configMaps.list()
      expect(items).toEqual([before])
    },
  },
]
