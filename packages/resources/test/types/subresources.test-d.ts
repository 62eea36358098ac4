import { Deployment } from '@kubeclient/resources/apps/v1'
import type { TokenRequest } from '@kubeclient/resources/authentication/v1'
import type { Scale } from '@kubeclient/resources/autoscaling/v1'
import { Pod, ServiceAccount } from '@kubeclient/resources/core/v1'
import type { Eviction } from '@kubeclient/resources/policy/v1'
import { client } from './client.ts'

// Core's types of these bodies and the generated ones are one another's.
const scales = client.resource(Deployment).subresource('scale')
const read: Scale = await scales.get('web')
const write: Scale = { ...read, spec: { replicas: 3 } }
await scales.replace('web', write)

const eviction: Eviction = { deleteOptions: { gracePeriodSeconds: 5, propagationPolicy: 'Background' } }
const answer = await client.resource(Pod).subresource('eviction').create('web-0', eviction)
console.log(answer.status)

const wanted: TokenRequest = { spec: { audiences: ['registry'], expirationSeconds: 600 } }
const issued: TokenRequest = await client.resource(ServiceAccount).subresource('token').create('reader', wanted)
console.log(issued.status?.expirationTimestamp)

const pods = client.resource(Pod)
const pod = await pods.get('web-0')
await pods.subresource('status').replace('web-0', { ...pod, status: { ...pod.status, phase: 'Running' } })
await pods.subresource('ephemeralcontainers').patch('web-0', {
  strategic: { spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox', targetContainerName: 'web' }] } },
})
