// Defines a kind, makes objects of it, and does what they ask for, on an API server in memory.
// `npm run generate` has written kinds/example.com/v1.ts from backups.json.
import { readFile } from 'node:fs/promises'
import { createClient } from '@kubeclient/core'
import { CustomResourceDefinition } from '@kubeclient/resources/apiextensions/v1'
import { startApiServer } from '@kubeclient/testing'
import { Backup } from './kinds/example.com/v1.ts'
import { runController } from './run-controller.ts'

const text = await readFile(new URL('backups.json', import.meta.url), 'utf8')
const definition = JSON.parse(text) as CustomResourceDefinition // the file says what it is

const server = await startApiServer()
const client = createClient(server.config)
try {
  const { metadata } = await client.resource(CustomResourceDefinition).create(definition)
  for await (const { object } of client.resource(CustomResourceDefinition).watch({ name: metadata.name })) {
    if (object.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) break
  }
  console.log(`defined ${metadata.name}`)

  const backups = client.resource(Backup)
  await backups.create({ metadata: { name: 'monday' }, spec: { volume: 'data', compression: 'Gzip' } })
  await backups.create({ metadata: { name: 'tuesday' }, spec: { volume: 'data', keepDays: 30 } })
  await runController(backups)

  for await (const { metadata: meta, spec, status } of backups.items()) {
    console.log(`${meta.name}: ${spec.volume} ${status?.phase ?? 'waits'}, kept for ${spec.keepDays ?? 7} days`)
  }
} finally {
  await client.close()
  await server.stop()
}
