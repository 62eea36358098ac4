import { isStatus } from '@kubeclient/core'
import { Deployment } from '@kubeclient/resources/apps/v1'
import { Namespace, Pod } from '@kubeclient/resources/core/v1'
import { expect } from 'vitest'
import { deployment } from './deployment.ts'
import { pod } from './pod.ts'
import type { Scenario } from './scenario.ts'

// Orders, and parts of objects, that only a real API server has. Nothing carries them out: there is no kubelet here.

/** Of `CN=robot`; any would do. */
const certificateRequest = `-----BEGIN CERTIFICATE REQUEST-----
MIHLMHICAQAwEDEOMAwGA1UEAwwFcm9ib3QwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAASFXVSd5gqUC8rpBqHsgbsTLqbtvsPm9NuRczVEep8GQ6Gv6qK7ar3/EH7W
QJFjhp5iBkBCWnGGPyWxhNyGgm7AoAAwCgYIKoZIzj0EAwIDSQAwRgIhAP4aIYyI
FYazHRnq1iYHCButgViCn9wmtGC53Cd8QHhNAiEA62ON3R/FlZZfuwnkrrSJ8Avc
3sgLBY6QAm2aRP+Hv90=
-----END CERTIFICATE REQUEST-----
`

const using = (cpu: string): object => ({ requests: { cpu }, limits: { cpu } })

export const orders: readonly Scenario[] = [
  {
    title: 'an eviction is a Status, and takes the pod away',
    needs: 'control-plane',
    async run({ client }) {
      const pods = client.resource(Pod)
      await pods.create(pod('web-0'))

      const answer = await pods.subresource('eviction').create('web-0', { deleteOptions: { gracePeriodSeconds: 0 } })

      expect(answer).toMatchObject({ kind: 'Status', status: 'Success' })
      expect(await pods.find('web-0')).toBeUndefined()
    },
  },
  {
    title: 'a binding puts a pod on a node',
    needs: 'control-plane',
    async run({ client }) {
      const pods = client.resource(Pod)
      await pods.create(pod('web-0'))

      await pods.subresource('binding').create('web-0', { target: { kind: 'Node', name: 'n1' } })

      expect((await pods.get('web-0')).spec?.nodeName).toBe('n1')
    },
  },
  {
    title: 'a token is issued, and is good for a client of that service account',
    needs: 'control-plane',
    async run({ client, config, namespace, withClient }) {
      const accounts = client.resource('serviceaccounts')
      await accounts.create({ metadata: { name: 'robot' } })

      const { status } = await accounts.subresource('token').create('robot', { spec: { expirationSeconds: 600 } })

      // Of the administrator's configuration only the way to the server: whoever it signs in, or acts for, is not the robot.
      const { clientCertificate: _, ...tls } = config.tls ?? {}
      await withClient({ server: config.server, tls, credentials: { token: status.token } }, async (robot) => {
        const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: {} }
        expect(await robot.create(review)).toMatchObject({
          status: { userInfo: { username: `system:serviceaccount:${namespace}:robot` } },
        })
      })
    },
  },
  {
    title: 'a debugging container is added to a pod, and what another may use is changed in place',
    needs: 'control-plane',
    async run({ client }) {
      const pods = client.resource('pods')
      const containers = [{ name: 'web', image: 'nginx:1.29', resources: using('1') }]
      await pods.create({ metadata: { name: 'web-0' }, spec: { containers } })

      const ephemeralContainers = [{ name: 'debug', image: 'busybox:1' }]
      const debugging = pods.subresource('ephemeralcontainers')
      const debugged = await debugging.patch('web-0', { strategic: { spec: { ephemeralContainers } } })
      expect(debugged).toMatchObject({ kind: 'Pod', spec: { ephemeralContainers } })

      const more = [{ name: 'web', resources: using('2') }]
      const resized = await pods.subresource('resize').patch('web-0', { strategic: { spec: { containers: more } } })
      expect(resized).toMatchObject({ kind: 'Pod', spec: { containers: more } })
    },
  },
  {
    title: 'a request for a certificate is approved through its subresource alone',
    needs: 'control-plane',
    async run({ client, namespace: name }) {
      const requests = client.resource('certificatesigningrequests')
      const signerName = 'kubernetes.io/kube-apiserver-client'
      const spec = { request: btoa(certificateRequest), signerName, usages: ['client auth'] }
      const created = await requests.create({ metadata: { name }, spec })

      const conditions = [{ type: 'Approved', status: 'True', reason: 'Tested', message: 'as it should be' }]
      const approved = await requests.subresource('approval').replace(name, { ...created, status: { conditions } })

      expect(approved).toMatchObject({ status: { conditions: [{ type: 'Approved', reason: 'Tested' }] } })
      await requests.delete(name)
    },
  },
  {
    title: 'a subresource that nobody has heard of here is reached by its name',
    needs: 'control-plane',
    async run({ client, namespace }) {
      const name = `${namespace}-more`
      const namespaces = client.resource(Namespace)
      const created = await namespaces.create({ metadata: { name } })
      const leaving = await namespaces.delete(name)
      expect(leaving).toMatchObject({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Terminating' } })

      const { resourceVersion: _, ...metadata } = created.metadata
      const final = namespaces.subresource<Namespace & { spec: object }>('finalize')
      await final.replace(name, { metadata, spec: { finalizers: [] } })

      expect(await namespaces.find(name)).toBeUndefined()
    },
  },
  {
    title: 'a grace period and a policy for dependents are kept to',
    needs: 'control-plane',
    async run({ client }) {
      const pods = client.resource(Pod)
      await pods.create(pod('web-0', 'n1'))
      const leaving = await pods.delete('web-0', { gracePeriodSeconds: 7 })
      expect(leaving).toMatchObject({ metadata: { deletionGracePeriodSeconds: 7 } })
      await pods.delete('web-0', { gracePeriodSeconds: 0 })
      expect(await pods.find('web-0')).toBeUndefined()

      const deployments = client.resource(Deployment)
      for (const [name, propagationPolicy, finalizer] of [
        ['a', 'Foreground', 'foregroundDeletion'],
        ['b', 'Orphan', 'orphan'],
      ] as const) {
        await deployments.create(deployment(name, 1))
        const held = await deployments.delete(name, { propagationPolicy })
        expect(held).toMatchObject({ metadata: { finalizers: [finalizer] } })
      }
      await deployments.create(deployment('c', 1))
      expect(isStatus(await deployments.delete('c', { propagationPolicy: 'Background' }))).toBe(true)
    },
  },
  {
    title: 'a list at an exact version is as it was then',
    needs: 'control-plane',
    async run({ client }) {
      const pods = client.resource(Pod)
      await pods.create(pod('old'))
      const { metadata } = await pods.list()
      await pods.create(pod('new'))

      const { resourceVersion } = metadata
      const then = await pods.list({ resourceVersion, resourceVersionMatch: 'Exact', limit: 5 })
      const since = await pods.list({ resourceVersion, resourceVersionMatch: 'NotOlderThan', timeoutSeconds: 30 })

      expect(then.items.map((item) => item.metadata.name)).toEqual(['old'])
      expect(since.items).not.toHaveLength(0)
    },
  },
  {
    title: 'a rollout is restarted and a node is cordoned by a patch each',
    needs: 'control-plane',
    async run({ client, namespace: name }) {
      const deployments = client.resource('deployments.apps')
      await deployments.create({ ...deployment('web', 1) })
      const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' }
      const restarted = await deployments.patch('web', {
        strategic: { spec: { template: { metadata: { annotations } } } },
      })
      expect(restarted).toMatchObject({
        metadata: { generation: 2 },
        spec: { template: { metadata: { annotations, labels: { app: 'web' } } } },
      })

      const nodes = client.resource('nodes')
      await nodes.create({ metadata: { name } })
      const cordoned = await nodes.patch(name, { merge: { spec: { unschedulable: true } } })
      expect(cordoned).toMatchObject({ spec: { unschedulable: true } })
      const open = await nodes.patch(name, { merge: { spec: { unschedulable: null } } })
      expect(open['spec']).not.toHaveProperty('unschedulable')
      await nodes.delete(name)
    },
  },
]
