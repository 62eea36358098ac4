import { Deployment } from './sample-kinds.ts'
import { client } from './client.ts'

const deployments = client.resource(Deployment)

await deployments.patch('web', {
  merge: { metadata: { annotations: { 'example.com/owner': null } }, spec: { replicas: 3 } },
})

await deployments.patch('web', {
  strategic: {
    spec: {
      template: {
        spec: {
          containers: [
            { name: 'web', image: 'nginx:1.29' },
            { $patch: 'delete', name: 'sidecar' },
          ],
        },
      },
    },
  },
})

const web = await deployments.patch('web', {
  json: [
    { op: 'test', path: '/spec/replicas', value: 3 },
    { op: 'replace', path: '/spec/replicas', value: 4 },
    { op: 'remove', path: '/metadata/annotations/example.com~1note' },
  ],
})
console.log(web.spec?.replicas)
