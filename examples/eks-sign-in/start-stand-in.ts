import { createServer } from 'node:http'
import { startApiServer } from '@kubeclient/testing'

export interface StandIn {
  readonly url: string
  /** The tokens that came, and what each says. */
  readonly tokens: ReadonlyMap<string, string>
  readonly stop: () => Promise<void>
}

/** An API server in memory behind what looks at tokens as EKS does, without asking AWS whether the signature is right. */
export async function startStandIn(): Promise<StandIn> {
  const api = await startApiServer()
  const { credentials } = api.config
  const own = typeof credentials === 'object' && 'token' in credentials ? credentials.token : undefined
  const tokens = new Map<string, string>()
  const server = createServer(async ({ url = '/', headers }, response) => {
    const { authorization = '' } = headers
    const words = wordsOf(authorization)
    if (words === undefined) return response.writeHead(401).end()
    tokens.set(authorization, words)
    const answer = await fetch(new URL(url, api.url), {
      headers: { accept: headers.accept ?? '*/*', authorization: `Bearer ${own}` },
    })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    return response.end(await answer.text())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const stop = async (): Promise<void> => {
    server.close().closeAllConnections()
    await api.stop()
  }
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, tokens, stop }
}

/** Who signed a token, and for which host of AWS. */
function wordsOf(authorization: string): string | undefined {
  const [, encoded] = /^Bearer k8s-aws-v1\.([\w-]+)$/.exec(authorization) ?? []
  if (encoded === undefined) return undefined
  const { host, searchParams } = new URL(Buffer.from(encoded, 'base64url').toString())
  if (searchParams.get('X-Amz-SignedHeaders') !== 'host;x-k8s-aws-id') return undefined
  const [key] = searchParams.get('X-Amz-Credential')?.split('/') ?? []
  return `key ${key}, for ${host}`
}
