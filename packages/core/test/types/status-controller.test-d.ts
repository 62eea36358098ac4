import type { KubeObject } from '@kubeclient/core'
import { client } from './client.ts'

interface Backup extends KubeObject {
  spec: { schedule: string }
  status?: { lastRun?: string; phase: 'Idle' | 'Running' }
}
const backups = client.resource<Backup>('backups.example.com')

for await (const { type, object } of backups.watch()) {
  if (type === 'DELETED' || object.status?.phase === 'Running') continue
  await backups.subresource('status').patch(object.metadata.name, { merge: { status: { phase: 'Running' } } })
  await backups.subresource<Backup>('log-level').create(object.metadata.name, { spec: { schedule: 'now' } })
}
