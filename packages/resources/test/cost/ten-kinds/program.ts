import { createClient } from '@kubeclient/core'
import { DaemonSet, Deployment, StatefulSet } from '@kubeclient/resources/apps/v1'
import { CronJob, Job } from '@kubeclient/resources/batch/v1'
import { ConfigMap, Pod, Secret, Service } from '@kubeclient/resources/core/v1'
import { Ingress } from '@kubeclient/resources/networking/v1'

const client = createClient({ server: 'https://127.0.0.1:6443' })
const pods = await client.resource(Pod).list()
const labels = { app: 'a' }
await client.resource(Deployment).create({
  metadata: { name: 'a' },
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'b' }] } },
  },
})
await client.resource(Service).patch('a', { merge: { spec: { type: 'NodePort' } } })
await client.resource(CronJob).apply({ metadata: { name: 'a' }, spec: { schedule: '* * * * *' } })
const others = await Promise.all([
  client.resource(ConfigMap).get('a'),
  client.resource(DaemonSet).get('a'),
  client.resource(Ingress).get('a'),
  client.resource(Job).get('a'),
  client.resource(Secret).get('a'),
  client.resource(StatefulSet).get('a'),
])
console.log(
  pods.items.map((pod) => pod.status?.phase),
  others.map(({ metadata }) => metadata.name),
)
