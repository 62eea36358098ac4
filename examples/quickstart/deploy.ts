import type { Client, Stored, WatchEvent } from '@kubeclient/core'
import { Deployment } from '@kubeclient/resources/apps/v1'
import type { Narrator } from './narrator.ts'

const labels = { app: 'web' }
const web: Deployment = {
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] } },
  },
}

/** The life of a Deployment from create to delete, and a watch that sees it. */
export async function deploy(client: Client, { step, seen }: Narrator): Promise<void> {
  const deployments = client.resource(Deployment)

  const { metadata, spec } = await deployments.create(web)
  step('create', `Deployment ${metadata.name}: ${summary(spec)}`)

  const events = deployments.watch({ resourceVersion: metadata.resourceVersion })[Symbol.asyncIterator]()
  step('watch', `Deployments, from version ${metadata.resourceVersion} on`)

  await deployments.apply({ metadata: { name: 'web' }, spec: { replicas: 3 } }, { force: true })
  step('apply', 'replicas: 3, a field that is ours from now on')
  seen(describe(await events.next()))

  const image = '/spec/template/spec/containers/0/image'
  await deployments.patch('web', { json: [{ op: 'replace', path: image, value: 'nginx:1.30' }] })
  step('patch', 'image: nginx:1.30')
  seen(describe(await events.next()))

  await deployments.delete('web')
  step('delete', 'web')
  seen(describe(await events.next()))

  await events.return?.() // frees the connection, as leaving a `for await` loop does
}

function describe({ done, value }: IteratorResult<WatchEvent<Stored<Deployment>>>): string {
  if (done === true) return 'the server ended the watch'
  return `${value.type.padEnd(8)} ${value.object.metadata.name}: ${summary(value.object.spec)}`
}

function summary({ replicas, template }: Deployment['spec']): string {
  return `${replicas} × ${template.spec?.containers[0]?.image}`
}
