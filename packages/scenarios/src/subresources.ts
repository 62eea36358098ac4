import { Deployment } from '@kubeclient/resources/apps/v1'
import { ConfigMap } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { failure } from './failure.ts'
import { installWidgets, Widget } from './install-widgets.ts'
import { deployment } from './deployment.ts'
import type { Scenario } from './scenario.ts'

export const subresources: readonly Scenario[] = [
  {
    title: 'status is written through its subresource alone, and nothing else is',
    async run({ client }) {
      await installWidgets(client)
      const resource = client.resource(Widget)

      const created = await resource.create({
        metadata: { name: 'a' },
        spec: { size: 1 },
        status: { phase: 'Made up' },
      })
      expect(created.status).toBeUndefined()

      const written = { ...created, spec: { size: 9 }, status: { phase: 'Ready' } }
      const reported = await resource.subresource('status').replace('a', written)
      expect([reported.spec, reported.status]).toEqual([{ size: 1 }, { phase: 'Ready' }])

      const replaced = await resource.replace({ ...reported, spec: { size: 2 }, status: { phase: 'Made up' } })
      expect([replaced.spec, replaced.status]).toEqual([{ size: 2 }, { phase: 'Ready' }])
    },
  },
  {
    title: 'status of a Deployment is patched, and its spec and generation stay',
    async run({ client }) {
      const deployments = client.resource(Deployment)
      await deployments.create(deployment('web', 3))

      await deployments.subresource('status').patch('web', {
        merge: { status: { observedGeneration: 1, replicas: 3 }, spec: { replicas: 9 } },
      })

      expect(await deployments.get('web')).toMatchObject({
        metadata: { generation: 1 },
        spec: { replicas: 3 },
        status: { observedGeneration: 1, replicas: 3 },
      })
    },
  },
  {
    title: 'status is applied by a manager of its own',
    async run({ client }) {
      await installWidgets(client)
      const resource = client.resource(Widget)
      await resource.apply({ metadata: { name: 'a' }, spec: { size: 1 } }, { fieldManager: 'user' })

      const options = { fieldManager: 'controller' }
      const applied = await resource.subresource('status').apply('a', { status: { phase: 'Ready' } }, options)

      expect([applied.spec, applied.status]).toEqual([{ size: 1 }, { phase: 'Ready' }])
      expect(applied.metadata.managedFields).toContainEqual(
        expect.objectContaining({ manager: 'controller', operation: 'Apply', subresource: 'status' }),
      )
    },
  },
  {
    title: 'a Deployment is scaled through scale',
    async run({ client, namespace }) {
      const deployments = client.resource(Deployment)
      await deployments.create(deployment('web', 1))
      const scale = deployments.subresource('scale')

      const before = await scale.get('web')
      expect(before).toMatchObject({
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'web', namespace },
        spec: { replicas: 1 },
      })
      expect((await scale.patch('web', { merge: { spec: { replicas: 2 } } })).spec).toEqual({ replicas: 2 })
      const current = await scale.get('web')
      expect((await scale.replace('web', { ...current, spec: { replicas: 4 } })).spec).toEqual({ replicas: 4 })

      expect((await deployments.get('web')).spec.replicas).toBe(4)
      const stale = await failure(scale.replace('web', { ...before, spec: { replicas: 5 } }), 'KUBE_API')
      expect(stale).toMatchObject({ status: 409, reason: 'Conflict' })
    },
  },
  {
    title: 'a custom resource is scaled through the paths that its definition names',
    async run({ client }) {
      await installWidgets(client)
      const resource = client.resource(Widget)
      await resource.create({ metadata: { name: 'a' }, spec: { size: 1 } })

      const scaled = await resource.subresource('scale').patch('a', { merge: { spec: { replicas: 7 } } })

      expect(scaled).toMatchObject({ kind: 'Scale', spec: { replicas: 7 } })
      expect((await resource.get('a')).spec).toEqual({ size: 7 })
    },
  },
  {
    title: 'a subresource that the kind does not have is a 404',
    async run({ client }) {
      await client.resource(ConfigMap).create({ metadata: { name: 'a' } })

      const error = await failure(client.resource(ConfigMap).subresource('scale').get('a'), 'KUBE_API')

      expect(error.status).toBe(404)
    },
  },
]
