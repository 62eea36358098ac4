// Commands that sign in, from a kubeconfig through the client to a server.
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { execAuth } from '@kubeclient/auth-exec'
import { type Client, type ClientConfig, createClient } from '@kubeclient/core'
import type { ClientCertificate } from '@kubeclient/core/spec'
import { loadKubeconfig, parseKubeconfig } from '@kubeclient/kubeconfig'
import { ConfigMap, Namespace } from '@kubeclient/resources/core/v1'
import { type ControlPlane, startApiServer, startControlPlane } from '@kubeclient/testing'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { failure } from '../src/failure.ts'
import { hasControlPlane } from '../src/servers.ts'
import { tokenOf } from '../src/token-of.ts'

const apiVersion = 'client.authentication.k8s.io/v1'

/** A folder with a kubeconfig and its command, for the length of a test. */
async function signInFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'exec-plugin-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

/** The command `./plugin` beside the kubeconfig, which remembers that it ran. */
async function writePlugin(folder: string, ...lines: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'plugin'), ['#!/bin/sh', `echo run >> '${folder}/runs'`, ...lines, ''].join('\n'))
  await chmod(join(folder, 'plugin'), 0o755)
}

async function runsIn(folder: string): Promise<number> {
  const runs = await readFile(join(folder, 'runs'), 'utf8').catch(() => '')
  return runs.split('\n').length - 1
}

/** The configuration of a kubeconfig whose user signs in with this. */
async function configFor(
  folder: string,
  { server, tls }: Pick<ClientConfig, 'server' | 'tls'>,
  exec: object,
  allow: readonly string[] = [join(folder, 'plugin')],
): Promise<ClientConfig> {
  const ca = typeof tls?.ca === 'string' ? { 'certificate-authority-data': btoa(tls.ca) } : {}
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'k', cluster: { server: String(server), ...ca } }],
    users: [{ name: 'u', user: { exec: { apiVersion, command: './plugin', interactiveMode: 'Never', ...exec } } }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'default' } }],
  }
  const path = join(folder, 'kubeconfig')
  await writeFile(path, JSON.stringify(kubeconfig))
  return loadKubeconfig({ path, plugins: [execAuth({ allow, onStderr: () => undefined })] })
}

function connect(config: ClientConfig): Client {
  const client = createClient(config)
  onTestFinished(() => client.close())
  return client
}

const times = (count: number, call: () => Promise<unknown>): Promise<unknown[]> =>
  Promise.all(Array.from({ length: count }, call))

describe('a command of a kubeconfig, with a server in memory', () => {
  it('runs once for 20 requests at the same time, and signs them in', async () => {
    const api = await startApiServer({ tls: true })
    onTestFinished(() => api.stop())
    const folder = await signInFolder()
    await writePlugin(folder, `echo '{"apiVersion":"${apiVersion}","status":{"token":"${tokenOf(api.config)}"}}'`)
    const client = connect(await configFor(folder, api.config, {}))

    await times(20, () => client.resource(ConfigMap).list())

    expect(await runsIn(folder)).toBe(1)
    expect(api.requests).toHaveLength(20) // none was refused: the server asks for its token
  })

  it('runs once more for 20 requests that are refused at the same time, which are sent again', async () => {
    const api = await startApiServer()
    onTestFinished(() => api.stop())
    const folder = await signInFolder()
    await writePlugin(
      folder,
      `token=stale; test $(wc -l < '${folder}/runs') -gt 1 && token=${tokenOf(api.config)}`,
      `printf '{"apiVersion":"${apiVersion}","status":{"token":"%s"}}' "$token"`,
    )
    const client = connect(await configFor(folder, api.config, {}))

    await times(20, () => client.resource(ConfigMap).list())

    expect(await runsIn(folder)).toBe(2)
    expect(api.requests).toHaveLength(40)
  })

  it('that fails is the error of each request, which never goes out without credentials', async () => {
    const api = await startApiServer()
    onTestFinished(() => api.stop())
    const folder = await signInFolder()
    await writePlugin(folder, 'echo session expired: sign in again >&2', 'exit 1')
    const client = connect(await configFor(folder, api.config, {}))

    const error = await failure(client.resource(ConfigMap).list(), 'KUBE_CREDENTIALS')

    expect(error.message).toBe(
      'user "u": the command "./plugin" failed with exit code 1; its stderr: "session expired: sign in again"',
    )
    expect(api.requests).toEqual([])
    expect(await runsIn(folder)).toBe(1)
  })

  it('that is not on the list does not run', async () => {
    const api = await startApiServer()
    onTestFinished(() => api.stop())
    const folder = await signInFolder()
    await writePlugin(folder)
    const client = connect(await configFor(folder, api.config, {}, ['aws']))

    const error = await failure(client.resource(ConfigMap).list(), 'KUBE_CREDENTIALS')

    expect(error.message).toContain(`pass execAuth({ allow: ["${join(folder, 'plugin')}"] })`)
    expect(await runsIn(folder)).toBe(0)
  })
})

function certificateOf({ credentials }: ClientConfig): ClientCertificate | undefined {
  return typeof credentials === 'object' && 'clientCertificate' in credentials
    ? credentials.clientCertificate
    : undefined
}

/** Who the server takes a client for. */
async function userOf(client: Client): Promise<unknown> {
  const response = await client.request({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  })
  const review = await response.json<{ status: { userInfo: { username: string } } }>()
  return review.status.userInfo.username
}

describe('a kubeconfig that is no file', () => {
  it('runs nothing, and the error says what to do', async () => {
    const exec = { apiVersion, command: 'cat', interactiveMode: 'Never' }
    const kubeconfig = parseKubeconfig({
      'current-context': 'c',
      clusters: [{ name: 'k', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    })

    const error = await failure(kubeconfig.clientConfig({ plugins: [execAuth({ allow: ['cat'] })] }), 'KUBE_CONFIG')

    expect(error.message).toBe(
      'user "u": the plugin "exec" failed: "it runs commands for kubeconfigs that are files; use loadKubeconfig() or readKubeconfig()"',
    )
  })
})

describe('the example', () => {
  it('signs in once for several requests, and passes on what the command says', async () => {
    const main = fileURLToPath(new URL('../../../examples/exec-plugin/main.ts', import.meta.url))

    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main])

    expect(stdout).toMatch(/^3 requests, signed in once: default, /)
    expect(stderr).toBe('plugin: signing in\n')
  })
})

describe.each(hasControlPlane(env) ? ['a real control plane'] : [])(
  'a command of a kubeconfig, with %s',
  { timeout: 60_000 },
  () => {
    let plane: ControlPlane
    let admin: Client

    beforeAll(async () => {
      plane = await startControlPlane()
      admin = createClient(plane.config)
      await admin.create({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'all-service-accounts' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:serviceaccounts' }],
      })
    }, 90_000)
    afterAll(async () => {
      await admin?.close()
      await plane?.stop()
    })

    it('mints service-account tokens: once for many requests, and once more when one is refused', async () => {
      const namespace = 'exec-token'
      await admin.resource(Namespace).create({ metadata: { name: namespace } })
      const make = (kind: string, name: string): Promise<unknown> =>
        admin.create({ apiVersion: 'v1', kind, metadata: { name, namespace } })
      await make('ServiceAccount', 'robot')
      await make('Secret', 'first')
      await make('Secret', 'second')
      const folder = await signInFolder()
      await writeFile(join(folder, 'admin'), plane.kubeconfig)
      await writePlugin(
        folder,
        `secret=first; test $(wc -l < '${folder}/runs') -gt 1 && secret=second`,
        // Bound to a secret: it ends with it.
        `token=$("$KUBECTL" --kubeconfig '${folder}/admin' -n ${namespace} create token robot --bound-object-kind Secret --bound-object-name $secret) || exit`,
        `printf '{"kind":"ExecCredential","apiVersion":"${apiVersion}","status":{"token":"%s"}}' "$token"`,
      )
      const variables = [{ name: 'KUBECTL', value: join(env['KUBEBUILDER_ASSETS'] ?? '', 'kubectl') }]
      const client = connect(await configFor(folder, plane.config, { env: variables }))

      await times(20, () => userOf(client))
      expect(await userOf(client)).toBe(`system:serviceaccount:${namespace}:robot`)
      expect((await client.resource(ConfigMap, { namespace }).list()).kind).toBe('ConfigMapList')
      expect(await runsIn(folder)).toBe(1)

      await admin.delete({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'first', namespace } })
      // The server takes a token that it has just seen for good some seconds longer.
      await vi.waitFor(
        async () => {
          await times(20, () => userOf(client))
          if ((await runsIn(folder)) === 1) throw new Error('the server still takes the first token')
        },
        { timeout: 30_000, interval: 200 },
      )

      await times(20, () => userOf(client))
      expect(await runsIn(folder)).toBe(2)
    })

    it('gives a client certificate', async () => {
      const alice = certificateOf(await plane.createUser({ name: 'alice' }))
      const status = { clientCertificateData: alice?.cert, clientKeyData: alice?.key }
      const folder = await signInFolder()
      await writeFile(join(folder, 'credential'), JSON.stringify({ apiVersion, kind: 'ExecCredential', status }))
      const exec = { command: 'cat', args: [join(folder, 'credential')] }
      const client = connect(await configFor(folder, plane.config, exec, ['cat']))

      expect(await userOf(client)).toBe('alice')
    })
  },
)
