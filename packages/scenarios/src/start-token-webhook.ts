import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TokenWebhook {
  /** For kube-apiserver. */
  readonly apiServerArgs: readonly string[]
  /** How many tokens it was asked about. */
  readonly reviews: number
  readonly stop: () => Promise<void>
}

/**
 * What an API server asks whose token it has been given, as on EKS: `userOf` knows, or the token is refused.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#webhook-token-authentication
 */
export async function startTokenWebhook(userOf: (token: string) => string | undefined): Promise<TokenWebhook> {
  let reviews = 0
  const server = createServer(async (request, response) => {
    reviews += 1
    const username = userOf(await tokenIn(request))
    const status = username === undefined ? { authenticated: false } : { authenticated: true, user: { username } }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status }))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const folder = await mkdtemp(join(tmpdir(), 'token-webhook-'))
  const address = server.address()
  const file = await writeConfig(folder, typeof address === 'object' ? address?.port : undefined)
  return {
    apiServerArgs: [
      `--authentication-token-webhook-config-file=${file}`,
      '--authentication-token-webhook-version=v1',
      // It keeps those that are accepted for ten seconds anyway.
      '--authentication-token-webhook-cache-ttl=0s',
    ],
    get reviews() {
      return reviews
    },
    async stop() {
      server.close().closeAllConnections()
      await rm(folder, { recursive: true })
    },
  }
}

async function tokenIn(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const review: unknown = JSON.parse(Buffer.concat(chunks).toString())
  return String(Object(Object(review).spec).token)
}

async function writeConfig(folder: string, port: number | undefined): Promise<string> {
  const file = join(folder, 'webhook')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'webhook',
    clusters: [{ name: 'webhook', cluster: { server: `http://127.0.0.1:${port}/` } }],
    contexts: [{ name: 'webhook', context: { cluster: 'webhook', user: 'api-server' } }],
    users: [{ name: 'api-server', user: {} }],
  }
  await writeFile(file, JSON.stringify(config))
  return file
}
