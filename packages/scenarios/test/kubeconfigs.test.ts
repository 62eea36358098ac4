import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Client, type ClientCertificate, isForbidden, isUnauthorized } from '@kubeclient/core'
import { loadInCluster, loadKubeconfig } from '@kubeclient/kubeconfig'
import { ConfigMap } from '@kubeclient/resources/core/v1'
import { type ControlPlane, startControlPlane } from '@kubeclient/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startCountingProxy } from '../src/counting-proxy.ts'
import { enterNamespace } from '../src/enter-namespace.ts'
import { expectNoSecret } from '../src/expect-no-secret.ts'
import { failure } from '../src/failure.ts'
import { hasControlPlane } from '../src/servers.ts'
import { tokenOf } from '../src/token-of.ts'
import { whoAmI } from '../src/who-am-i.ts'
import { withClient } from '../src/with-client.ts'

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function temporaryFolder(): { path: string; write(name: string, content: string): string } {
  const root = mkdtempSync(path.join(tmpdir(), 'scenario-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  return {
    path: root,
    write(name, content) {
      writeFileSync(path.join(root, name), content)
      return path.join(root, name)
    },
  }
}

describe.runIf(hasControlPlane(process.env))('a kubeconfig for a real control plane', () => {
  let controlPlane: ControlPlane
  let admin: Client
  let namespace: string
  let leave: () => Promise<void>

  beforeAll(async () => {
    controlPlane = await startControlPlane()
    const entered = await enterNamespace(controlPlane.config)
    ;({ leave } = entered)
    ;({ client: admin, namespace } = entered.context)
    const apiGroup = 'rbac.authorization.k8s.io'
    await admin.create({
      apiVersion: `${apiGroup}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: namespace },
      roleRef: { apiGroup, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup, kind: 'Group', name: `system:serviceaccounts:${namespace}` }],
    })
  }, 60_000)
  afterAll(async () => {
    await leave()
    await controlPlane.stop()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function kubeconfig(user: object, server: string | URL = controlPlane.config.server): string {
    const ca = base64(controlPlane.ca)
    return JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'k', cluster: { server: String(server), 'certificate-authority-data': ca } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace } }],
    })
  }

  async function certificateOf(name: string, validSeconds?: number): Promise<ClientCertificate> {
    const groups = ['system:masters']
    const { credentials } = await controlPlane.createUser({ name, groups, validSeconds })
    const own = typeof credentials === 'object' && 'clientCertificate' in credentials ? credentials : undefined
    if (own?.clientCertificate !== undefined) return own.clientCertificate
    throw new Error('a user of the control plane has a certificate')
  }

  /** A service account and a token of it. */
  async function robot(name: string): Promise<string> {
    await admin.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } })
    const { status } = await admin.resource('serviceaccounts').subresource('token').create(name, { spec: {} })
    if (typeof status?.['token'] !== 'string') throw new Error('a TokenRequest is answered with a token')
    return status['token']
  }

  it('with a client certificate is the user of the certificate', async () => {
    const { cert, key } = await certificateOf('alice')
    const user = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
    const file = temporaryFolder().write('config', kubeconfig(user))

    await withClient(await loadKubeconfig({ path: file }), async (client) => {
      expect(await whoAmI(client)).toMatchObject({
        username: 'alice',
        groups: ['system:masters', 'system:authenticated'],
      })
    })
  })

  it('with a token is the user of the token', async () => {
    const file = temporaryFolder().write('config', kubeconfig({ token: await robot('token') }))

    await withClient(await loadKubeconfig({ path: file }), async (client) => {
      expect(await whoAmI(client)).toMatchObject({ username: `system:serviceaccount:${namespace}:token` })
    })
  })

  it('with a user name and a password is nobody to the server, which takes none, and the error says so', async () => {
    const file = temporaryFolder().write('config', kubeconfig({ username: 'alice', password: 'hunter2-hunter2' }))

    await withClient(await loadKubeconfig({ path: file }), async (client) => {
      const error = await failure(client.resource(ConfigMap).list(), 'KUBE_API')

      expect(isForbidden(error)).toBe(true)
      expect(error.message).toContain('User "system:anonymous" cannot list resource "configmaps"')
      expectNoSecret(error, ['hunter2-hunter2'])
    })
  })

  it('that impersonates has the name, both groups and the extras of the other user', async () => {
    const token = tokenOf(controlPlane.tokenConfig)
    const as = { as: 'bob', 'as-groups': ['one', 'two'], 'as-user-extra': { 'example.com/Scopes': ['a', 'b c'] } }
    const file = temporaryFolder().write('config', kubeconfig({ token, ...as }))

    await withClient(await loadKubeconfig({ path: file }), async (client) => {
      expect(await whoAmI(client)).toMatchObject({
        username: 'bob',
        groups: ['one', 'two', 'system:authenticated'],
        extra: { 'example.com/scopes': ['a', 'b c'] },
      })
    })
  })

  it('with a token file goes on as the new user after each of three rotations, and its watch misses nothing', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const folder = temporaryFolder()
    folder.write('token', await robot('robot-0'))
    const proxy = await startCountingProxy(controlPlane.config)
    onTestFinished(() => proxy.stop())
    const file = folder.write('config', kubeconfig({ tokenFile: 'token' }, proxy.config.server))

    await withClient(await loadKubeconfig({ path: file }), async (client) => {
      await vi.waitFor(() => client.resource(ConfigMap).list(), { timeout: 10_000 })
      const labels = { watch: 'rotations' }
      const create = (name: string) => admin.resource(ConfigMap).create({ metadata: { name, labels } })
      const events = client.resource(ConfigMap).watch({ labelSelector: 'watch=rotations' })[Symbol.asyncIterator]()
      await create('rotation-0')
      const seen = [await events.next()]
      for (const n of [1, 2, 3]) {
        folder.write('token', await robot(`robot-${n}`))
        await admin.resource('serviceaccounts').delete(`robot-${n - 1}`) // whose token is worth nothing from now on
        vi.setSystemTime(Date.now() + 60_000)
        for (const { cut } of proxy.connections) cut()
        await create(`rotation-${n}`) // while there is no connection
        seen.push(await events.next())
        await create(`rotated-${n}`) // over the new one
        seen.push(await events.next())
        expect((await whoAmI(client)).username).toBe(`system:serviceaccount:${namespace}:robot-${n}`)
      }
      await events.return?.()

      expect(seen.map(({ value }) => `${value?.type} ${value?.object.metadata.name}`)).toEqual([
        'ADDED rotation-0',
        ...[1, 2, 3].flatMap((n) => [`ADDED rotation-${n}`, `ADDED rotated-${n}`]),
      ])
    })
  }, 30_000)

  it('with certificate files moves to new connections when they change, and a watch on the old goes on', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const folder = temporaryFolder()
    const writePair = ({ cert, key }: ClientCertificate): void => {
      folder.write('user.crt', cert)
      folder.write('user.key', key)
    }
    writePair(await certificateOf('before'))
    const proxy = await startCountingProxy(controlPlane.config)
    onTestFinished(() => proxy.stop())
    const files = { 'client-certificate': 'user.crt', 'client-key': 'user.key' }
    const file = folder.write('config', kubeconfig(files, proxy.config.server))

    await withClient(await loadKubeconfig({ path: file }), async (client) => {
      expect((await whoAmI(client)).username).toBe('before')
      const selected = client.resource(ConfigMap).watch({ labelSelector: 'watch=certificates' })
      const events = selected[Symbol.asyncIterator]()
      const labels = { watch: 'certificates' }
      await admin.resource(ConfigMap).create({ metadata: { name: 'certificate-0', labels } })
      const first = await events.next()
      const opened = proxy.connections.length
      writePair(await certificateOf('after'))
      expect((await whoAmI(client)).username).toBe('before') // it is not yet time to look

      vi.setSystemTime(Date.now() + 300_000)
      // The old certificate is valid: nobody waits for the new one.
      await vi.waitFor(async () => expect((await whoAmI(client)).username).toBe('after'), { timeout: 10_000 })
      const names = await Promise.all(Array.from({ length: 5 }, async () => (await whoAmI(client)).username))
      await admin.resource(ConfigMap).create({ metadata: { name: 'certificate-1', labels } })
      const second = await events.next()

      expect(names).toEqual(Array.from({ length: 5 }, () => 'after'))
      expect([first, second].map(({ value }) => value?.object.metadata.name)).toEqual([
        'certificate-0',
        'certificate-1',
      ])
      expect(proxy.connections.length).toBeGreaterThan(opened)
      // The connections of the watch and of the new certificate.
      await vi.waitFor(() =>
        expect(proxy.connections.filter(({ isOpen }) => isOpen()).length).toBeLessThan(proxy.connections.length),
      )
      await events.return?.()
    })
  })

  it('with certificate files that have expired gets along as soon as there are new ones', async () => {
    const folder = temporaryFolder()
    const write = ({ cert, key }: ClientCertificate): void => {
      folder.write('user.crt', cert)
      folder.write('user.key', key)
    }
    write(await certificateOf('late', -1))
    const files = { 'client-certificate': 'user.crt', 'client-key': 'user.key' }

    await withClient(await loadKubeconfig({ path: folder.write('config', kubeconfig(files)) }), async (client) => {
      expect(isUnauthorized(await failure(whoAmI(client), 'KUBE_API'))).toBe(true)
      write(await certificateOf('punctual'))

      expect((await whoAmI(client)).username).toBe('punctual')
    })
  })

  it('is not needed in a pod: its service account says all', async () => {
    const folder = temporaryFolder()
    folder.write('token', `${await robot('in-cluster')}\n`)
    folder.write('ca.crt', controlPlane.ca)
    folder.write('namespace', `${namespace}\n`)
    const { hostname, port } = new URL(controlPlane.config.server)
    const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port }

    await withClient(await loadInCluster({ root: folder.path, env }), async (client) => {
      expect(client.namespace).toBe(namespace)
      expect((await whoAmI(client)).username).toBe(`system:serviceaccount:${namespace}:in-cluster`)
    })
    const example = fileURLToPath(new URL('../../../examples/in-cluster/main.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [example], {
      env: { ...env, SERVICE_ACCOUNT: folder.path },
    })
    expect(stdout).toBe(`0 pods in the namespace ${namespace}\n`)
  })
})
