// EKS tokens, from a kubeconfig of the AWS CLI to an API server that has them verified.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { eksAuth, eksCredentials } from '@kubeclient/auth-eks'
import { type Client, type ClientConfig, createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { type ControlPlane, startControlPlane } from '@kubeclient/testing'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { exampleKeys, sessionKeys } from '../../auth-eks/test/support/example-keys.ts'
import { verifyToken } from '../../auth-eks/test/support/verify-token.ts'
import { failure } from '../src/failure.ts'
import { hasControlPlane } from '../src/servers.ts'
import { startTokenWebhook, type TokenWebhook } from '../src/start-token-webhook.ts'

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/eks-sign-in/${name}`, import.meta.url))

/** AWS has no such region, so that nothing answers when its clock is looked at after a refusal. */
const region = 'mars-north-9'

describe('the example', () => {
  it('signs one token for three requests', async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [example('main.ts')])

    expect(stdout).toBe(
      'namespaces: default, kube-node-lease, kube-public, kube-system\n' +
        '3 requests, 1 token: key AKIAIOSFODNN7EXAMPLE, for sts.eu-central-1.amazonaws.com\n',
    )
    expect(stderr).toBe('')
  })
})

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

function connect(config: ClientConfig): Client {
  const client = createClient(config)
  onTestFinished(() => client.close())
  return client
}

describe.each(hasControlPlane(env) ? ['a real control plane'] : [])('EKS tokens, with %s', { timeout: 60_000 }, () => {
  let webhook: TokenWebhook
  let plane: ControlPlane

  beforeAll(async () => {
    webhook = await startTokenWebhook((token) => {
      const verifier = { clusterName: 'demo', keys: [exampleKeys, sessionKeys], now: Date.now() }
      const verdict = verifyToken(token, verifier)
      return 'refused' in verdict ? undefined : `arn:aws:iam::123456789012:user/${verdict.accessKeyId}`
    })
    plane = await startControlPlane({ apiServerArgs: webhook.apiServerArgs })
  }, 90_000)
  afterAll(async () => {
    await plane?.stop()
    await webhook?.stop()
  })

  /** The configuration of a kubeconfig as `aws eks update-kubeconfig` writes it. */
  async function configFor(clusterName: string): Promise<ClientConfig> {
    const folder = await mkdtemp(join(tmpdir(), 'eks-sign-in-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const args = ['--region', region, 'eks', 'get-token', '--cluster-name', clusterName, '--output', 'json']
    const keys = [
      { name: 'AWS_ACCESS_KEY_ID', value: exampleKeys.accessKeyId },
      { name: 'AWS_SECRET_ACCESS_KEY', value: exampleKeys.secretAccessKey },
    ]
    const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'aws', args, env: keys }
    const cluster = { server: String(plane.config.server), 'certificate-authority-data': btoa(plane.ca) }
    const kubeconfig = {
      'current-context': 'c',
      clusters: [{ name: 'k', cluster }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    }
    await writeFile(join(folder, 'config'), JSON.stringify(kubeconfig))
    return loadKubeconfig({ path: join(folder, 'config'), plugins: [eksAuth()] })
  }

  it('of a kubeconfig are accepted, and say whose keys signed', async () => {
    const client = connect(await configFor('demo'))
    expect(await userOf(client)).toBe(`arn:aws:iam::123456789012:user/${exampleKeys.accessKeyId}`)
  })

  it('without a kubeconfig are accepted, of a session too', async () => {
    const { server } = plane.config
    const credentials = eksCredentials({
      clusterName: 'demo',
      region: 'us-gov-west-1',
      credentials: async () => sessionKeys,
    })
    const client = connect({ server, tls: { ca: plane.ca }, credentials })
    expect(await userOf(client)).toBe(`arn:aws:iam::123456789012:user/${sessionKeys.accessKeyId}`)
  })

  it('for another cluster are refused', async () => {
    const client = connect(await configFor('demo2'))
    expect((await failure(userOf(client), 'KUBE_API')).status).toBe(401)
  })

  it('of keys that are not valid any more are signed again with new ones, once for many requests', async () => {
    const outdated = { ...exampleKeys, accessKeyId: 'AKIAI44QH8DHBEXAMPLE' }
    let asked = 0
    const credentials = eksCredentials({
      clusterName: 'demo',
      region,
      credentials: async () => {
        asked += 1
        return asked === 1 ? outdated : exampleKeys
      },
    })
    const client = connect({ server: plane.config.server, tls: { ca: plane.ca }, credentials })
    const before = webhook.reviews

    const users = await Promise.all(Array.from({ length: 10 }, () => userOf(client)))

    expect(new Set(users)).toEqual(new Set([`arn:aws:iam::123456789012:user/${exampleKeys.accessKeyId}`]))
    expect(asked).toBe(2)
    expect(webhook.reviews - before).toBeGreaterThan(0) // the outdated token was looked at
  })
})
