import { isStatus } from '@kubeclient/core'
import { expect, vi } from 'vitest'
import { failure } from './failure.ts'
import { installWidgets, Widget } from './install-widgets.ts'
import type { Scenario } from './scenario.ts'

export const manifests: readonly Scenario[] = [
  {
    title: 'a whole manifest is created, read, replaced, applied and deleted by what it says itself',
    async run({ client, namespace }) {
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { k: '1' } }

      const created = await client.create(manifest)
      expect(created).toMatchObject({ metadata: { name: 'a', namespace }, data: { k: '1' } })
      expect(await client.get(created)).toEqual(created)
      expect(await client.replace({ ...created, data: { k: '2' } })).toMatchObject({ data: { k: '2' } })
      expect(await client.apply({ ...manifest, data: { k: '3' } }, { force: true })).toMatchObject({ data: { k: '3' } })
      expect(isStatus(await client.delete(manifest))).toBe(true)
      expect(await failure(client.get(manifest), 'KUBE_API')).toMatchObject({ status: 404, reason: 'NotFound' })
    },
  },
  {
    title: 'a manifest goes to its own namespace, not to that of the client',
    async run({ client, namespace }) {
      const other = `${namespace}-other`
      await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: other } })
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: other } }

      await client.create(manifest)

      expect(await client.get(manifest)).toMatchObject({ metadata: { name: 'a', namespace: other } })
      expect(await client.resource('configmaps').find('a')).toBeUndefined()
    },
  },
  {
    title: 'a cluster-scoped manifest with a stray namespace is created, applied and deleted',
    async run({ client, namespace }) {
      const manifest = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: `${namespace}-stray`, namespace },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
      }

      const created = await client.create(manifest)
      expect(created.metadata.namespace).toBeUndefined()
      const applied = { ...manifest, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }] }
      expect(await client.apply(applied, { force: true })).toMatchObject({ rules: [{ verbs: ['list'] }] })
      expect(await client.get(manifest)).toMatchObject({ metadata: { name: `${namespace}-stray` } })
      await client.delete(manifest)
      expect(await failure(client.get(manifest), 'KUBE_API')).toMatchObject({ status: 404 })
    },
  },
  {
    title: 'a manifest of a custom kind is created',
    async run({ client }) {
      await installWidgets(client)
      const { apiVersion, kind } = Widget

      const manifest = { apiVersion, kind, metadata: { generateName: 'w-' }, spec: { size: 1 } }
      // Discovery of a real server follows the definition by a moment.
      const created = await vi.waitFor(() => client.create(manifest), { timeout: 10_000 })

      expect(created.metadata.name).toMatch(/^w-/)
    },
  },
  {
    title: 'a manifest of a kind that is not served is a NoMatchError',
    async run({ client }) {
      const manifest = { apiVersion: 'unserved.example.com/v1', kind: 'Thing', metadata: { name: 'a' } }

      const error = await failure(client.create(manifest), 'KUBE_NO_MATCH')

      expect(error.message).toContain('unserved.example.com/v1')
    },
  },
]
