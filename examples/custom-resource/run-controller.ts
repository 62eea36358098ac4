import type { ResourceClient } from '@kubeclient/core'
import type { Backup } from './kinds/example.com/v1.ts'

/** Makes each backup that there is, and says so in its status; ends when all are done. */
export async function runController(backups: ResourceClient<Backup>): Promise<void> {
  const { items, metadata } = await backups.list()
  const waiting = new Set(items.filter(({ status }) => status?.phase !== 'Done').map((backup) => backup.metadata.name))
  await Promise.all(Array.from(waiting, (name) => makeBackup(backups, name)))
  if (waiting.size === 0) return
  for await (const { object } of backups.watch({ resourceVersion: metadata.resourceVersion })) {
    if (object.status?.phase === 'Done') waiting.delete(object.metadata.name)
    if (waiting.size === 0) return
  }
}

async function makeBackup(backups: ResourceClient<Backup>, name: string): Promise<void> {
  const status: Backup['status'] = { phase: 'Done', bytes: 4096 }
  await backups.subresource('status').patch(name, { merge: { status } })
}
