import { Deployment } from './sample-kinds.ts'
import { Pod } from './sample-kinds.ts'
import { client } from './client.ts'

const pod = await client.resource(Pod).create({
  metadata: { name: 'hello' },
  spec: { containers: [{ name: 'main', image: 'busybox', command: ['sleep', '60'] }], restartPolicy: 'Never' },
})
console.log(pod.metadata.uid, pod.kind, pod.status?.phase)

const labels = { app: 'web' }
const web: Deployment = {
  metadata: { name: 'web', labels },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
}
const rehearsal = await client.resource(Deployment).create(web, { dryRun: true, fieldValidation: 'Strict' })
console.log(rehearsal.spec?.strategy?.type)
