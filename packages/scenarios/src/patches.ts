import { Deployment } from '@kubeclient/resources/apps/v1'
import { ConfigMap } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { failure } from './failure.ts'
import { installWidgets, Widget } from './install-widgets.ts'
import { deployment } from './deployment.ts'
import type { Scenario } from './scenario.ts'

export const patches: readonly Scenario[] = [
  {
    title: 'a merge patch changes what it names, removes what it says is null, and leaves the rest',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'a', labels: { tier: 'web' } }, data: { one: '1', two: '2' } })

      const patched = await configMaps.patch('a', { merge: { data: { one: null, three: '3' } } })

      expect(patched).toMatchObject({ metadata: { labels: { tier: 'web' } } })
      expect(patched.data).toEqual({ two: '2', three: '3' })
      expect(await configMaps.get('a')).toEqual(patched)
    },
  },
  {
    title: 'a JSON patch adds, replaces and removes by pointer',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      const metadata = { name: 'a', annotations: { 'example.com/note': 'old' } }
      await configMaps.create({ metadata, data: { one: '1' } })

      const patched = await configMaps.patch('a', {
        json: [
          { op: 'test', path: '/data/one', value: '1' },
          { op: 'replace', path: '/metadata/annotations/example.com~1note', value: 'new' },
          { op: 'add', path: '/data/two', value: '2' },
          { op: 'remove', path: '/data/one' },
        ],
      })

      expect(patched.metadata.annotations).toEqual({ 'example.com/note': 'new' })
      expect(patched.data).toEqual({ two: '2' })
    },
  },
  {
    title: 'a JSON patch whose test fails changes nothing',
    async run({ client }) {
      const configMaps = client.resource(ConfigMap)
      await configMaps.create({ metadata: { name: 'a' }, data: { one: '1' } })

      const patch = configMaps.patch('a', {
        json: [
          { op: 'replace', path: '/data/one', value: '2' },
          { op: 'test', path: '/data/one', value: '1' },
        ],
      })

      expect(await failure(patch, 'KUBE_API')).toMatchObject({ status: 422, reason: 'Invalid' })
      expect((await configMaps.get('a')).data).toEqual({ one: '1' })
    },
  },
  {
    title: 'a strategic patch merges a list by its key, where a merge patch replaces it',
    needs: 'control-plane',
    async run({ client }) {
      const deployments = client.resource(Deployment)
      await deployments.create(deployment('web', 1))
      const containers = [{ name: 'sidecar', image: 'busybox:1.37' }]
      const patch = { spec: { template: { spec: { containers } } } }

      const merged = await deployments.patch('web', { strategic: patch })
      expect(merged.spec.template.spec?.containers.map(({ name }) => name)).toEqual(['sidecar', 'web'])

      const replaced = await deployments.patch('web', { merge: patch })
      expect(replaced.spec.template.spec?.containers.map(({ name }) => name)).toEqual(['sidecar'])
    },
  },
  {
    title: 'a strategic patch of a custom resource is a 415',
    async run({ client }) {
      await installWidgets(client)
      const resource = client.resource(Widget)
      await resource.create({ metadata: { name: 'a' }, spec: {} })

      const error = await failure(resource.patch('a', { strategic: { spec: { size: 1 } } }), 'KUBE_API')

      expect(error).toMatchObject({ status: 415, reason: 'UnsupportedMediaType' })
    },
  },
  {
    title: 'patching what is absent is a 404',
    async run({ client }) {
      const error = await failure(client.resource(ConfigMap).patch('absent', { merge: { data: {} } }), 'KUBE_API')

      expect(error).toMatchObject({ status: 404, reason: 'NotFound', details: { name: 'absent' } })
    },
  },
]
