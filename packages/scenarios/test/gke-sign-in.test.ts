// Google's access tokens, from a kubeconfig of gcloud to an API server that asks whose they are, as GKE does.
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gcpAuth, gcpCredentials } from '@kubeclient/auth-gcp'
import { type Client, type ClientConfig, createClient } from '@kubeclient/core'
import { loadKubeconfig } from '@kubeclient/kubeconfig'
import { type ControlPlane, startControlPlane } from '@kubeclient/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { externalAccount } from '../../auth-gcp/test/support/credential-files.ts'
import { failure } from '../src/failure.ts'
import { hasControlPlane } from '../src/servers.ts'
import { startTokenWebhook, type TokenWebhook } from '../src/start-token-webhook.ts'

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/gke-sign-in/${name}`, import.meta.url))

describe('the example', () => {
  it('gets one token for three requests', async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [example('main.ts')])

    expect(stdout).toBe(
      'namespaces: default, kube-node-lease, kube-public, kube-system\n3 requests, tokens given by Google: 1\n',
    )
    expect(stderr).toBe('')
  })
})

const robot = 'robot@project.iam.gserviceaccount.com'

/** Gives tokens for the one of a workload, and knows which of them are good. */
class Google {
  readonly good = new Set<string>()
  given = 0
  /** The next token is of no use from the start. */
  revokesNext = false
  readonly #server: Server = createServer(async (request, response) => {
    if (request.url === '/subject') return response.end('token-of-the-workload')
    const isKnown = new URLSearchParams(await text(request)).get('subject_token') === 'token-of-the-workload'
    response.writeHead(isKnown ? 200 : 400, { 'content-type': 'application/json' })
    if (!isKnown) return response.end(JSON.stringify({ error: 'invalid_grant' }))
    this.given += 1
    const token = `ya29.token-${this.given}`
    if (!this.revokesNext) this.good.add(token)
    this.revokesNext = false
    return response.end(JSON.stringify({ access_token: token, expires_in: 3600 }))
  })

  async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve)
    })
    const address = this.#server.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  }

  stop(): void {
    this.#server.close().closeAllConnections()
  }
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

function connect(config: ClientConfig): Client {
  const client = createClient(config)
  onTestFinished(() => client.close())
  return client
}

describe.each(hasControlPlane(env) ? ['a real control plane'] : [])('tokens, with %s', { timeout: 60_000 }, () => {
  const google = new Google()
  let url: string
  let webhook: TokenWebhook
  let plane: ControlPlane
  let folder: string

  beforeAll(async () => {
    url = await google.start()
    webhook = await startTokenWebhook((token) => (google.good.has(token) ? robot : undefined))
    plane = await startControlPlane({ apiServerArgs: webhook.apiServerArgs })
  }, 90_000)
  afterAll(async () => {
    await plane?.stop()
    await webhook?.stop()
    google.stop()
  })
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gke-sign-in-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'credentials.json')
    await writeFile(file, JSON.stringify(externalAccount(url, { url: `${url}/subject` })))
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file)
    onTestFinished(() => void vi.unstubAllEnvs())
  })

  async function configFor(user: object): Promise<ClientConfig> {
    const cluster = { server: String(plane.config.server), 'certificate-authority-data': btoa(plane.ca) }
    const kubeconfig = {
      'current-context': 'c',
      clusters: [{ name: 'k', cluster }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    }
    await writeFile(join(folder, 'config'), JSON.stringify(kubeconfig))
    return loadKubeconfig({ path: join(folder, 'config'), plugins: [gcpAuth({ allow: [join(folder, 'gcloud')] })] })
  }
  const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'gke-gcloud-auth-plugin' }

  it('of a kubeconfig of gcloud are accepted, and asked for once by many requests', async () => {
    const client = connect(await configFor({ exec }))
    const before = google.given
    const users = await Promise.all(Array.from({ length: 10 }, () => userOf(client)))
    expect(new Set(users)).toEqual(new Set([robot]))
    expect(google.given - before).toBe(1)
  })

  it('of a legacy kubeconfig are accepted, with a command and without', async () => {
    const name = 'gcp'
    expect(await userOf(connect(await configFor({ 'auth-provider': { name } })))).toBe(robot)

    google.good.add('ya29.of-gcloud')
    const command = join(folder, 'gcloud')
    await writeFile(command, `#!/bin/sh\necho '{"credential":{"access_token":"ya29.of-gcloud"}}'\n`)
    await chmod(command, 0o755)
    const config = {
      'cmd-path': command,
      'cmd-args': 'config config-helper',
      'token-key': '{.credential.access_token}',
    }
    expect(await userOf(connect(await configFor({ 'auth-provider': { name, config } })))).toBe(robot)
  })

  it('that were revoked are replaced, once for many requests', async () => {
    google.revokesNext = true
    const client = connect({ server: plane.config.server, tls: { ca: plane.ca }, credentials: gcpCredentials() })
    const [before, reviews] = [google.given, webhook.reviews]

    const users = await Promise.all(Array.from({ length: 10 }, () => userOf(client)))

    expect(new Set(users)).toEqual(new Set([robot]))
    expect(google.given - before).toBe(2)
    expect(webhook.reviews - reviews).toBeGreaterThan(1) // the revoked one was looked at
  })

  it('of somebody else are refused', async () => {
    const authClient = { getAccessToken: () => Promise.resolve({ token: 'ya29.of-nobody' }), credentials: {} }
    const credentials = gcpCredentials({ authClient })
    const client = connect({ server: plane.config.server, tls: { ca: plane.ca }, credentials })
    expect((await failure(userOf(client), 'KUBE_API')).status).toBe(401)
  })
})
