import { Deployment } from '@kubeclient/resources/apps/v1'
import { SelfSubjectAccessReview, SubjectAccessReview } from '@kubeclient/resources/authorization/v1'
import { Pod, type PodCondition } from '@kubeclient/resources/core/v1'
import type { Eviction } from '@kubeclient/resources/policy/v1'
import { client } from '../client.ts'

const pod = await client.resource(Pod).get('web-0')
// @ts-expect-error A pod may have no status yet.
pod.status.phase
// @ts-expect-error Nor conditions.
pod.status?.conditions.length
// @ts-expect-error `phases` is no field.
pod.status?.phases
// @ts-expect-error `ready` is the container's.
pod.ready
// @ts-expect-error Times are text.
pod.metadata.creationTimestamp.getTime()
// @ts-expect-error A ClusterIP is a Service's.
pod.spec?.clusterIP
// @ts-expect-error A status is text, not a boolean.
const condition: PodCondition = { type: 'Ready', status: true }
// @ts-expect-error A Pod is read, not a Deployment.
const deployment: Deployment = pod

const review = client.resource(SelfSubjectAccessReview)
// @ts-expect-error A review is not stored: it cannot be read.
await review.get('mine')
// @ts-expect-error … listed
await review.list()
// @ts-expect-error … or watched.
review.watch()
const answered = await review.create({ spec: {} })
// @ts-expect-error It has no name that the server must have filled.
answered.metadata.name
// @ts-expect-error A review of somebody has a spec.
await client.resource(SubjectAccessReview).create({})
// @ts-expect-error An Eviction is the body of a subresource: a type, and nothing to address.
client.resource(Eviction)
