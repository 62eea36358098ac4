import type { ApplyObject } from '@kubeclient/core'
import { CronJob } from '@kubeclient/resources/batch/v1'
import { type EnvVar, Secret } from '@kubeclient/resources/core/v1'
import { client } from './client.ts'

await client.resource(Secret).create({ metadata: { name: 'database' }, stringData: { password: 'x' }, type: 'Opaque' })

const fromSecret = (name: string, key: string): EnvVar => ({
  name,
  valueFrom: { secretKeyRef: { name: 'database', key } },
})
const backup: ApplyObject<CronJob> = {
  metadata: { name: 'backup' },
  spec: {
    schedule: '0 3 * * *',
    timeZone: 'Europe/Berlin',
    concurrencyPolicy: 'Forbid',
    jobTemplate: {
      spec: {
        backoffLimit: 2,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [
              {
                name: 'dump',
                image: 'postgres:18',
                command: ['pg_dump', '--file=/backup/dump'],
                env: [{ name: 'PGHOST', value: 'database' }, fromSecret('PGPASSWORD', 'password')],
                envFrom: [{ secretRef: { name: 'database', optional: true } }],
                volumeMounts: [{ name: 'backup', mountPath: '/backup' }],
              },
            ],
            volumes: [{ name: 'backup', persistentVolumeClaim: { claimName: 'backup' } }],
          },
        },
      },
    },
  },
}
const { status, spec } = await client.resource(CronJob).apply(backup, { fieldManager: 'ops', force: true })
console.log(
  status?.lastScheduleTime,
  status?.active?.map((job) => job.name),
  spec.suspend === true,
)
