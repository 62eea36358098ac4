import { type Client, type ClientConfig, isForbidden, isUnauthorized } from '@kubeclient/core'
import { ConfigMap, ServiceAccount } from '@kubeclient/resources/core/v1'
import { Role, RoleBinding } from '@kubeclient/resources/rbac/v1'
import { expect, vi } from 'vitest'
import { expectNoSecret } from './expect-no-secret.ts'
import { failure } from './failure.ts'
import type { Scenario } from './scenario.ts'

export const rights: readonly Scenario[] = [
  {
    title: 'a user without rights is refused with a 403 that names user, verb and resource',
    needs: 'control-plane',
    async run({ withClient, controlPlane, namespace }) {
      await withClient(await controlPlane.createUser({ name: 'nobody-special' }), async (client) => {
        const error = await failure(client.resource(ConfigMap, { namespace }).list(), 'KUBE_API')

        expect(isForbidden(error)).toBe(true)
        expect(error.reason).toBe('Forbidden')
        expect(error.message).toContain('User "nobody-special" cannot list resource "configmaps"')
        expect(await client.version()).toMatchObject({ major: '1' })
      })
    },
  },
  {
    title: 'a refused watch is a 403, and no loop without events',
    needs: 'control-plane',
    async run({ withClient, controlPlane, namespace }) {
      await withClient(await controlPlane.createUser({ name: 'nobody-special' }), async (client) => {
        const events = client.resource(ConfigMap, { namespace }).watch()[Symbol.asyncIterator]()

        expect(isForbidden(await failure(events.next(), 'KUBE_API'))).toBe(true)
      })
    },
  },
  {
    title: 'rights come with a group',
    needs: 'control-plane',
    async run({ withClient, controlPlane, client, namespace }) {
      const group = `readers-of-${namespace}`
      const apiGroup = 'rbac.authorization.k8s.io'
      const metadata = { name: 'readers' }
      const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }]
      await client.resource(Role).create({ metadata, rules })
      const roleRef = { apiGroup, kind: 'Role', name: 'readers' }
      await client.resource(RoleBinding).create({
        metadata,
        roleRef,
        subjects: [{ apiGroup, kind: 'Group', name: group }],
      })
      await withClient(await controlPlane.createUser({ name: 'reader', groups: [group] }), async (reader) => {
        const configMaps = reader.resource(ConfigMap, { namespace })

        // The authorizer learns of a binding by a watch of its own.
        await vi.waitFor(() => configMaps.list(), { timeout: 10_000 })
        expect(isForbidden(await failure(configMaps.create({ metadata: { name: 'a' } }), 'KUBE_API'))).toBe(true)
      })
    },
  },
  {
    title: 'an administrator who acts as another user has the rights of that user',
    needs: 'control-plane',
    async run({ client }) {
      const other = client.with({ impersonate: { user: 'somebody', groups: ['some-group'] } })

      const error = await failure(other.resource(ConfigMap).list(), 'KUBE_API')

      expect(isForbidden(error)).toBe(true)
      expect(error.message).toContain('User "somebody"')
      expect((await client.resource(ConfigMap).list()).items).toEqual([])
    },
  },
  {
    title: 'a client certificate that has expired is a 401',
    needs: 'control-plane',
    async run({ withClient, controlPlane }) {
      const expired = await controlPlane.createUser({ name: 'late', groups: ['system:masters'], validSeconds: -1 })
      await withClient(expired, async (client) => {
        const error = await failure(client.resource(ConfigMap).list(), 'KUBE_API')

        expect(isUnauthorized(error)).toBe(true)
        expectNoSecret(error, [keyOf(expired)])
      })
    },
  },
  {
    title: 'a token is good until its service account is deleted, and afterwards a 401 that says what may be wrong',
    needs: 'control-plane',
    async run({ withClient, controlPlane: { config }, client, namespace }) {
      const accounts = client.resource(ServiceAccount)
      await accounts.create({ metadata: { name: 'robot' } })
      // Two, as the server remembers for ten seconds that a token was good.
      const [early, late] = await Promise.all([issueToken(client), issueToken(client)])
      const asRobot = (token: string): ClientConfig => ({ ...config, namespace, credentials: { token } })

      const forbidden = await withClient(asRobot(early), (robot) =>
        failure(robot.resource(ConfigMap).list(), 'KUBE_API'),
      )
      expect(forbidden.message).toContain(`User "system:serviceaccount:${namespace}:robot" cannot list`)
      await accounts.delete('robot')
      const refused = await withClient(asRobot(late), (robot) => failure(robot.resource(ConfigMap).list(), 'KUBE_API'))

      expect(isUnauthorized(refused)).toBe(true)
      expect(refused.message).toContain('the credentials were refused; they may have expired')
      expectNoSecret([forbidden, refused], [early, late])
    },
  },
]

async function issueToken(client: Client): Promise<string> {
  const { status } = await client.resource(ServiceAccount).subresource('token').create('robot', { spec: {} })
  return status.token
}

/** The private key of a user who signs in with a certificate. */
function keyOf({ credentials }: ClientConfig): string {
  if (typeof credentials === 'object' && 'clientCertificate' in credentials && credentials.clientCertificate) {
    return credentials.clientCertificate.key
  }
  throw new Error('the configuration has no client certificate')
}
