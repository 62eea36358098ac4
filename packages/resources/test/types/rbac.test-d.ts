import { ServiceAccount } from '@kubeclient/resources/core/v1'
import { ClusterRole, Role, RoleBinding, type PolicyRule } from '@kubeclient/resources/rbac/v1'
import { SelfSubjectAccessReview } from '@kubeclient/resources/authorization/v1'
import { TokenReview } from '@kubeclient/resources/authentication/v1'
import { client } from './client.ts'

const rules: PolicyRule[] = [
  { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list', 'watch'] },
  { nonResourceURLs: ['/healthz'], verbs: ['get'] },
]
const account = await client.resource(ServiceAccount, { namespace: 'ci' }).create({ metadata: { name: 'reader' } })
await client.resource(Role, { namespace: 'ci' }).create({ metadata: { name: 'reader' }, rules: rules.slice(0, 1) })
await client.resource(ClusterRole).create({
  metadata: { name: 'all-readers' },
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { reads: 'true' } }] },
})
await client.resource(RoleBinding, { namespace: 'ci' }).create({
  metadata: { name: 'reader' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
  subjects: [{ kind: account.kind, name: account.metadata.name, namespace: 'ci' }],
})

// Reviews are answered and never stored.
const review = await client.resource(SelfSubjectAccessReview).create({
  spec: { resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'ci' } },
})
console.log(review.status?.allowed, review.status?.reason)

const tokens = client.resource(ServiceAccount, { namespace: 'ci' }).subresource('token')
const { status } = await tokens.create('reader', { spec: { audiences: ['registry'] } })
const who = await client.resource(TokenReview).create({ spec: { token: status.token } })
console.log(who.status?.user?.username, who.status?.user?.extra?.['example.com/scope'])
