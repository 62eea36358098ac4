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
]
