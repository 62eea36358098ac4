import { expect, vi } from 'vitest'
import { failure } from './failure.ts'
import { installWidgets, removeWidgets, type Widget, widgetOf } from './install-widgets.ts'
import { recordRequests } from './record-requests.ts'
import type { Scenario } from './scenario.ts'

export const versionAndDiscovery: readonly Scenario[] = [
  {
    title: 'the server says which version it is',
    async run({ client }) {
      const version = await client.version()

      expect(version).toMatchObject({ major: '1', gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) })
    },
  },
  {
    title: 'a built-in kind is found by plural, short name, kind, and with its group and version',
    async run({ client: { discovery } }) {
      const refs = ['deployments', 'deploy', 'Deployment', 'deployments.apps', 'deployments.v1.apps']
      const found = await Promise.all(refs.map((ref) => discovery.resolve(ref)))

      for (const info of found) {
        expect(info).toMatchObject({ apiVersion: 'apps/v1', kind: 'Deployment', resource: 'deployments' })
      }
    },
  },
  {
    title: 'discovery tells scope, verbs, categories and subresources',
    async run({ client: { discovery } }) {
      const [deployments, namespaces] = await Promise.all([
        discovery.resolve({ apiVersion: 'apps/v1', kind: 'Deployment' }),
        discovery.resolve({ apiVersion: 'v1', resource: 'namespaces' }),
      ])

      expect(deployments).toMatchObject({ namespaced: true, categories: ['all'], singular: 'deployment' })
      expect(deployments.verbs).toEqual(expect.arrayContaining(['get', 'list', 'watch', 'create', 'patch', 'delete']))
      expect(deployments.subresources.map(({ name }) => name).toSorted()).toEqual(['scale', 'status'])
      expect(deployments.subresources).toContainEqual(
        expect.objectContaining({ name: 'scale', apiVersion: 'autoscaling/v1', kind: 'Scale' }),
      )
      expect(namespaces).toMatchObject({ namespaced: false, group: '', version: 'v1' })
    },
  },
  {
    title: 'groups come with their versions, the core group first',
    async run({ client: { discovery } }) {
      const groups = await discovery.groups()

      expect(groups[0]).toEqual({ name: '', preferredVersion: 'v1', versions: ['v1'] })
      expect(groups).toContainEqual(expect.objectContaining({ name: 'autoscaling', versions: ['v2', 'v1'] }))
    },
  },
  {
    title: 'resources are filtered by group, category and scope',
    async run({ client: { discovery } }) {
      const filter = { group: 'apps', category: 'all', namespaced: true }
      const plurals = (await discovery.resources(filter)).map(({ resource }) => resource)

      expect(plurals.toSorted()).toEqual(['daemonsets', 'deployments', 'replicasets', 'statefulsets'])
      expect(await discovery.resources({ group: 'apps', namespaced: false })).toEqual([])
    },
  },
  {
    title: 'a kind that is not served is a NoMatchError that names it',
    async run({ client }) {
      const error = await failure(client.resource('unicorns').list(), 'KUBE_NO_MATCH')

      expect(error.message).toContain('unicorns')
      expect(await client.discovery.has('unicorns')).toBe(false)
    },
  },
  {
    title: 'a kind that was defined a moment ago is found by a client that had learned of its absence',
    async run({ client, namespace }) {
      const group = `${namespace}.example.com`
      const { apiVersion, kind } = widgetOf(group)
      expect(await client.discovery.has({ apiVersion, kind })).toBe(false)

      await installWidgets(client, widgetOf(group))

      // Discovery of a real server follows by a moment.
      const info = await vi.waitFor(() => client.discovery.resolve({ apiVersion, kind }), { timeout: 10_000 })
      expect(info).toMatchObject({ resource: 'widgets', namespaced: true, shortNames: ['wd'], categories: ['gadgets'] })
      expect(info.subresources.map(({ name }) => name).toSorted()).toEqual(['scale', 'status'])
      expect(await client.discovery.has(`wd.${group}`)).toBe(true)
    },
  },
  {
    title: 'a kind that was deleted and defined again with another scope is found where it is now',
    async run({ client, namespace }) {
      const group = `again.${namespace}.example.com`
      await installWidgets(client, widgetOf(group))
      const widgets = client.resource<Widget>(`widgets.${group}`)
      expect((await widgets.create({ metadata: { name: 'a' }, spec: {} })).metadata.namespace).toBe(namespace)

      await removeWidgets(client, widgetOf(group))
      await installWidgets(client, widgetOf(group, false))

      expect((await widgets.create({ metadata: { name: 'b' }, spec: {} })).metadata).not.toHaveProperty('namespace')
      expect((await widgets.list()).items.map(({ metadata }) => metadata.name)).toEqual(['b'])
      await removeWidgets(client, widgetOf(group, false))
    },
  },
  {
    title: 'OpenAPI documents describe built-in kinds and custom ones, and are read once while they stay the same',
    needs: 'control-plane',
    async run({ client, namespace, config, withClient }) {
      const group = `documented.${namespace}.example.com`
      await installWidgets(client, widgetOf(group))
      const recorded = recordRequests(config)

      await withClient(recorded.config, async ({ discovery }) => {
        const { components } = await discovery.openApi('apps/v1')
        expect(components?.schemas).toHaveProperty(['io.k8s.api.apps.v1.Deployment'])
        expect(await discovery.openApi('apps/v1')).toMatchObject({ openapi: expect.stringMatching(/^3\./) })
        expect(recorded.requests.filter(({ path }) => path.includes('/apps/v1'))).toHaveLength(1)
        // That of a new kind follows by a moment.
        const widgets = await vi.waitFor(() => discovery.openApi(`${group}/v1`), { timeout: 10_000 })
        expect(Object.keys(widgets.paths).join(' ')).toContain('/namespaces/{namespace}/widgets/{name}/scale')
        await failure(discovery.openApi('unicorns/v1'), 'KUBE_NO_MATCH')
      })
    },
  },
]
