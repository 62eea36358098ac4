import { isConflict } from '@kubeclient/core'
import { Deployment } from './sample-kinds.ts'
import { client } from './client.ts'

const deployments = client.resource(Deployment)
const scale = { metadata: { name: 'web' }, spec: { replicas: 5 } } // only the fields this program owns

try {
  await deployments.apply(scale, { fieldManager: 'autoscaler' })
} catch (error) {
  if (!isConflict(error)) throw error
  for (const { field, message } of error.causes) console.warn(field, message)
  await deployments.apply(scale, { fieldManager: 'autoscaler', force: true })
}

// A whole object is a set of fields, too.
const stored = await deployments.get('web')
delete stored.metadata.managedFields
await deployments.apply({ ...stored, spec: { ...stored.spec, paused: true } })
