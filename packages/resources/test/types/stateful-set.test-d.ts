import { StatefulSet } from '@kubeclient/resources/apps/v1'
import { PersistentVolumeClaim, type PodTemplateSpec } from '@kubeclient/resources/core/v1'
import { client } from './client.ts'

const labels = { app: 'database' }
const template: PodTemplateSpec = {
  metadata: { labels },
  spec: {
    terminationGracePeriodSeconds: 60,
    securityContext: { fsGroup: 999 },
    containers: [{ name: 'postgres', image: 'postgres:18', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
    ],
  },
}
const claim: PersistentVolumeClaim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
}
const sets = client.resource(StatefulSet)
const set = await sets.create({
  metadata: { name: 'database' },
  spec: {
    serviceName: 'database',
    replicas: 3,
    selector: { matchLabels: labels },
    template,
    volumeClaimTemplates: [claim],
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Delete' },
  },
})
await sets.replace({ ...set, spec: { ...set.spec, replicas: 5 } })

const { items } = await client.resource(PersistentVolumeClaim).list({ labelSelector: set.spec.selector })
const size = items[0]?.status?.capacity?.['storage']
console.log(typeof size === 'string' ? size : size?.toFixed())
