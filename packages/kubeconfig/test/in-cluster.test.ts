import { mkdir, rm } from 'node:fs/promises'
import { loadInCluster, loadKubeconfig } from '@kubeclient/kubeconfig'
import { describe, expect, it } from 'vitest'
import { loadKubeconfigOr } from '../src/load.ts'
import { answerOf, askedFor, providerIn } from './ask-provider.ts'
import { type Folder, temporaryFolder } from './folder.ts'
import { everythingShown, fixture, kubeconfigText, rejection } from './kubeconfig.ts'

const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' }

/** As the kubelet mounts it. */
async function serviceAccount(): Promise<Folder> {
  const folder = temporaryFolder()
  await folder.write('token', 'one\n')
  await folder.write('ca.crt', fixture('ca.pem'))
  await folder.write('namespace', 'team-a\n')
  return folder
}

describe('the in-cluster configuration', () => {
  it('is made of the service account and the variables of the pod', async () => {
    const folder = await serviceAccount()

    const { tls, credentials, ...rest } = await loadInCluster({ root: folder.path(), env })

    expect(rest).toEqual({ server: 'https://10.0.0.1', namespace: 'team-a' })
    expect(await answerOf(credentials)).toMatchObject({ token: 'one' })
    expect(typeof tls?.ca === 'function' && (await tls.ca())).toBe(fixture('ca.pem'))
  })

  it.each([
    ['10.0.0.1', '6443', 'https://10.0.0.1:6443'],
    ['::1', '443', 'https://[::1]'],
    ['fd00:10:96::1', '6443', 'https://[fd00:10:96::1]:6443'],
    ['kubernetes.default.svc', '443', 'https://kubernetes.default.svc'],
  ])('calls %s port %s', async (KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, server) => {
    const folder = await serviceAccount()

    const config = await loadInCluster({
      root: folder.path(),
      env: { KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT },
    })

    expect(config.server).toBe(server)
  })

  it('reads token and certificate authority again when they change', async () => {
    const folder = await serviceAccount()
    const { tls, credentials } = await loadInCluster({ root: folder.path(), env })

    await folder.write('token', 'two\n')
    await folder.write('ca.crt', fixture('other-ca.pem'))

    expect(await answerOf(credentials)).toMatchObject({ token: 'two' })
    expect(typeof tls?.ca === 'function' && (await tls.ca())).toBe(fixture('other-ca.pem'))
  })

  it('goes on with the token it has while the file cannot be read, and not after a 401', async () => {
    const folder = await serviceAccount()
    const tokens = providerIn(await loadInCluster({ root: folder.path(), env }))
    await rm(folder.path('token'))

    expect(await tokens.getCredentials(askedFor('expiring', { token: 'one' }))).toMatchObject({ token: 'one' })
    await expect(tokens.getCredentials(askedFor('refused', { token: 'one' }))).rejects.toThrow(folder.path('token'))
  })

  it('takes the namespace of POD_NAMESPACE before that of the file', async () => {
    const folder = await serviceAccount()

    expect(await loadInCluster({ root: folder.path(), env: { ...env, POD_NAMESPACE: 'team-b' } })).toMatchObject({
      namespace: 'team-b',
    })
  })

  it.each<[string, (folder: Folder) => Promise<unknown>]>([
    ['is missing', (folder) => rm(folder.path('namespace'))],
    ['is empty', (folder) => folder.write('namespace', '\n')],
  ])('leaves the namespace to the client when the file %s', async (_, change) => {
    const folder = await serviceAccount()
    await change(folder)

    expect(await loadInCluster({ root: folder.path(), env })).not.toHaveProperty('namespace')
  })

  it.each(['token', 'ca.crt'])('is an error that names %s when that is missing', async (name) => {
    const folder = await serviceAccount()
    await rm(folder.path(name))

    const error = await rejection(loadInCluster({ root: folder.path(), env }))

    expect(error).toMatchObject({
      code: 'KUBE_CONFIG',
      message: expect.stringContaining(`the file "${folder.path(name)}": there is no such file`),
    })
  })

  it.each<[string, string, string]>([
    ['token', '', 'is empty'],
    ['token', 'hunter2\nhunter2', 'holds spaces, line breaks'],
    ['ca.crt', '', '"certificate-authority" is empty'],
    ['ca.crt', 'hunter2', 'is not PEM'],
    ['namespace', '../hunter', 'which cannot be one'],
  ])('refuses a %s of %j', async (name, content, message) => {
    const folder = await serviceAccount()
    await folder.write(name, content)

    const error = await rejection(loadInCluster({ root: folder.path(), env }))

    expect(error).toMatchObject({ code: 'KUBE_CONFIG', message: expect.stringContaining(message) })
    expect(everythingShown(error)).not.toContain('hunter2')
  })

  it('refuses a namespace that is a folder', async () => {
    const folder = await serviceAccount()
    await rm(folder.path('namespace'))
    await mkdir(folder.path('namespace'))

    await expect(loadInCluster({ root: folder.path(), env })).rejects.toMatchObject({
      code: 'KUBE_CONFIG',
      file: folder.path('namespace'),
    })
  })

  it.each<[string, object]>([
    ['KUBERNETES_SERVICE_HOST is not set', { KUBERNETES_SERVICE_PORT: '443' }],
    ['KUBERNETES_SERVICE_PORT is not set', { KUBERNETES_SERVICE_HOST: '::1', KUBERNETES_SERVICE_PORT_HTTPS: '443' }],
    ['not an address', { KUBERNETES_SERVICE_HOST: 'u:p@evil.example/', KUBERNETES_SERVICE_PORT: '443' }],
    ['not an address', { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '99999' }],
    ['not an address', { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: 'tcp://10.0.0.1:443' }],
  ])('says that %s', async (message, variables) => {
    const folder = await serviceAccount()

    await expect(loadInCluster({ root: folder.path(), env: { ...variables } })).rejects.toMatchObject({
      code: 'KUBE_CONFIG',
      message: expect.stringMatching(message === 'not an address' ? /are not an address and a port/ : message),
    })
  })
})

/** What `loadInCluster` is in a pod whose service account is in this folder. */
const inPod =
  (folder: Folder): typeof loadInCluster =>
  async (options) =>
    loadInCluster({ ...options, root: folder.path() })

describe('the search for a configuration in a pod', () => {
  it.each<[string, object]>([
    ['there is no file at home', { HOME: '/nonexistent' }],
    ['there is no home', {}],
    ['$KUBECONFIG names only missing files', { KUBECONFIG: '/nonexistent/a' }],
    ['$KUBECONFIG names no file', { KUBECONFIG: ':' }],
  ])('ends at the service account when %s', async (_, variables) => {
    const account = await serviceAccount()

    const { server } = await loadKubeconfigOr(inPod(account), { env: { ...env, ...variables } })

    expect(server).toBe('https://10.0.0.1')
  })

  it('asks no plugin for a service account, which has no entry to understand', async () => {
    const account = await serviceAccount()
    const asked: unknown[] = []
    const plugins = [
      { specVersion: 'v1', name: 'never', fromAuthInfo: (authInfo: unknown) => void asked.push(authInfo) },
    ] as const

    const { credentials } = await loadKubeconfigOr(inPod(account), { env, plugins })

    expect(await answerOf(credentials)).toMatchObject({ token: 'one' })
    expect(asked).toEqual([])
  })

  it('takes a kubeconfig first', async () => {
    const account = await serviceAccount()
    const KUBECONFIG = await account.write('config', kubeconfigText())

    const { server } = await loadKubeconfigOr(inPod(account), { env: { ...env, KUBECONFIG } })

    expect(server).toBe('https://127.0.0.1:6443')
  })

  it.each<[string, string, string]>([
    ['is broken', 'users: [', 'not valid YAML'],
    ['has no current-context', '{}', 'has no current-context'],
  ])('does not go past a kubeconfig that %s', async (_, content, message) => {
    const account = await serviceAccount()
    const KUBECONFIG = await account.write('config', content)

    await expect(loadKubeconfigOr(inPod(account), { env: { ...env, KUBECONFIG } })).rejects.toThrow(message)
  })

  it.each<[string, object]>([
    ['a path', { path: ['/nonexistent/a'] }],
    ['a context', { context: 'staging' }],
  ])('does not replace %s that was asked for', async (_, options) => {
    const account = await serviceAccount()

    await expect(loadKubeconfigOr(inPod(account), { env, ...options })).rejects.toThrow('found no kubeconfig')
  })

  it('that finds nothing lists everything that was tried', async () => {
    const error = await rejection(loadKubeconfig({ env: { HOME: '/nonexistent' } }))

    expect(error).toMatchObject({
      code: 'KUBE_CONFIG',
      message:
        'found no kubeconfig: tried "/nonexistent/.kube/config" (the default, as $KUBECONFIG is not set); create one, or pass `path`. ' +
        'Nor is there a service account: this is no pod of a cluster: KUBERNETES_SERVICE_HOST is not set',
    })
  })
})
