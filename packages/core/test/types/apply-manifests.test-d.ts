import type { NamedManifest } from '@kubeclient/core'
import { client } from './client.ts'

export async function applyAll(manifests: readonly NamedManifest[]): Promise<void> {
  const rehearsal = client.with({ dryRun: true, fieldManager: 'deploy' })
  for (const manifest of manifests) await rehearsal.apply(manifest)
  for (const manifest of manifests) {
    const { kind, metadata } = await client.apply(manifest, { fieldManager: 'deploy' })
    console.log(kind, metadata.name, metadata.uid)
  }
}

const made = await client.create({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { generateName: 'c-' },
  data: { a: '1' },
})
console.log(made.metadata.name, made.data.a)
await client.delete(made)
