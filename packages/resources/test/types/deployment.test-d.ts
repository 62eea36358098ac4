import { Deployment } from '@kubeclient/resources/apps/v1'
import { client } from './client.ts'

const labels = { app: 'web' }
const deployments = client.resource(Deployment, { namespace: 'shop' })
const created = await deployments.create({
  metadata: { name: 'web', labels },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.29',
            ports: [{ containerPort: 80, name: 'http' }],
            resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: 134_217_728 } },
            readinessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 5 },
          },
        ],
      },
    },
  },
})
// What the server fills needs no `?` and no `!`.
const name: string = created.metadata.name
const version: string = created.metadata.resourceVersion
console.log(created.apiVersion, created.kind, name, version, created.spec.template.spec?.containers[0]?.image)

const scale = deployments.subresource('scale')
await scale.patch(name, { merge: { spec: { replicas: 5 } } })

for await (const { object } of deployments.watch({ name })) {
  const { updatedReplicas = 0, availableReplicas = 0 } = object.status ?? {}
  const wanted = object.spec.replicas ?? 1
  if (updatedReplicas >= wanted && availableReplicas >= wanted) break
}

// A selector of an object is a selector of a list.
const { items } = await client.resource('pods').list({ labelSelector: created.spec.selector })
console.log(items.length)
