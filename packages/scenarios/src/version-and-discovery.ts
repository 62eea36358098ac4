import { expect, vi } from 'vitest'
import { failure } from './failure.ts'
import { installWidgets, widgetOf } from './install-widgets.ts'
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
]
