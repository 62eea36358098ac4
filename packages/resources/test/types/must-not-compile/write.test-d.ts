import { Deployment } from '@kubeclient/resources/apps/v1'
import { CronJob } from '@kubeclient/resources/batch/v1'
import { ConfigMap, Pod, Secret, Service } from '@kubeclient/resources/core/v1'
import { Ingress, NetworkPolicy } from '@kubeclient/resources/networking/v1'
import { RoleBinding } from '@kubeclient/resources/rbac/v1'
import { client } from '../client.ts'

const metadata = { name: 'web' }
const containers = [{ name: 'web', image: 'nginx' }]
const deployments = client.resource(Deployment)

// @ts-expect-error A Deployment has a selector and a template.
await deployments.create({ metadata, spec: { replicas: 1 } })
// @ts-expect-error A Deployment has a spec.
await deployments.create({ metadata })
// @ts-expect-error `replica` is no field.
await deployments.create({ metadata, spec: { replica: 1, selector: {}, template: {} } })
// @ts-expect-error `replicas` is a number.
await deployments.create({ metadata, spec: { replicas: '1', selector: {}, template: {} } })
// @ts-expect-error Another kind.
await deployments.create({ kind: 'StatefulSet', metadata, spec: { selector: {}, template: {} } })
// @ts-expect-error Another version.
await deployments.create({ apiVersion: 'apps/v1beta1', metadata, spec: { selector: {}, template: {} } })
const pod: Pod = { metadata, spec: { containers } }
// @ts-expect-error A Pod is no Deployment.
await deployments.create(pod)
// @ts-expect-error A container has a name.
await client.resource(Pod).create({ metadata, spec: { containers: [{ image: 'nginx' }] } })
// @ts-expect-error A pod has containers.
await client.resource(Pod).create({ metadata, spec: {} })
// @ts-expect-error `imagePullpolicy`: upper and lower case count.
await client.resource(Pod).create({ metadata, spec: { containers: [{ name: 'a', imagePullpolicy: 'Always' }] } })
// @ts-expect-error Values of a ConfigMap are text.
await client.resource(ConfigMap).create({ metadata, data: { port: 80 } })
// @ts-expect-error A ConfigMap is no Secret.
await client.resource(Secret).create({ kind: 'ConfigMap', metadata })
// @ts-expect-error A port is a number, a target port a number or a name.
await client.resource(Service).create({ metadata, spec: { ports: [{ port: '80', targetPort: 'http' }] } })
// @ts-expect-error A CronJob has a schedule.
await client.resource(CronJob).create({ metadata, spec: { jobTemplate: { spec: { template: {} } } } })
const backend = { service: { name: 'web', port: { number: 80 } } }
// @ts-expect-error A path says how it is compared.
await client.resource(Ingress).create({ metadata, spec: { rules: [{ http: { paths: [{ path: '/', backend }] } }] } })
// @ts-expect-error Policy types are a list.
await client.resource(NetworkPolicy).create({ metadata, spec: { podSelector: {}, policyTypes: 'Ingress' } })
// @ts-expect-error A binding has a role.
await client.resource(RoleBinding).create({ metadata, subjects: [] })
// @ts-expect-error `replicas` of a patch is a number as well.
await deployments.patch('web', { merge: { spec: { replicas: 'three' } } })
// @ts-expect-error `strategy` is an object.
await deployments.apply({ metadata, spec: { strategy: 'Recreate' } })
