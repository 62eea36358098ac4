import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Client,
  type ConnectionOptions,
  createClient,
  type CredentialProvider,
  type KubeResponse,
} from '../../src/index.ts'
import { kubeError } from '../support/caught.ts'

const ca = '-----BEGIN CERTIFICATE-----'

const respond = (status: number, headers: KubeResponse['headers']): KubeResponse => {
  const body: AsyncIterable<Uint8Array> = (async function* () {
    yield new TextEncoder().encode('{}')
  })()
  return { status, headers, body, cancel: () => undefined }
}

it('connections to another origin carry nothing that identifies us, nor the name that the server goes by', async () => {
  const opened: ConnectionOptions[] = []
  await using client = createClient({
    server: 'https://api.example',
    tls: { ca, serverName: 'kubernetes', clientCertificate: { cert: 'cert', key: 'key' } },
    transport: (connection) => {
      opened.push(connection)
      const elsewhere = connection.server.host !== 'api.example'
      return {
        send: async () => (elsewhere ? respond(200, {}) : respond(302, { location: 'https://elsewhere.example/x' })),
        close: async () => undefined,
      }
    },
  })
  await client.version()
  expect(opened.map(({ server }) => server.host)).toEqual(['api.example', 'elsewhere.example'])
  expect(opened[0]).toMatchObject({ serverName: 'kubernetes', clientCertificate: { cert: 'cert', key: 'key' } })
  expect(opened[1]).not.toHaveProperty('serverName')
  expect(opened[1]).not.toHaveProperty('clientCertificate')
})

describe('a 401', () => {
  const reasons: string[] = []
  const credentials: CredentialProvider = {
    name: 'test',
    getCredentials: async ({ reason }) => {
      reasons.push(reason)
      return { token: `tok-${reasons.length}` }
    },
  }
  const clientOf = (answer: (path: string, authorization: unknown) => KubeResponse): Client =>
    createClient({
      server: 'https://api.example',
      credentials,
      transport: ({ server }) => ({
        send: async ({ path, headers }) => answer(`${server.host}${path}`, headers['authorization']),
        close: async () => undefined,
      }),
    })
  beforeEach(() => void reasons.splice(0))

  it('of another origin says nothing about our credentials: they are not renewed', async () => {
    await using client = clientOf((at) =>
      at === 'elsewhere.example/x' ? respond(401, {}) : respond(302, { location: 'https://elsewhere.example/x' }),
    )
    const error = await kubeError('KUBE_API', client.version())
    expect(error.message).toMatch(/no token or password was sent/)
    expect(reasons).toEqual(['initial'])
  })

  it('after a redirect within the origin renews them, and only the last step is repeated', async () => {
    const seen: string[] = []
    await using client = clientOf((at, authorization) => {
      seen.push(`${at} ${String(authorization)}`)
      if (at === 'api.example/version') return respond(307, { location: '/moved' })
      return respond(authorization === 'Bearer tok-2' ? 200 : 401, {})
    })
    await client.version()
    expect(reasons).toEqual(['initial', 'refused'])
    expect(seen).toEqual([
      'api.example/version Bearer tok-1',
      'api.example/moved Bearer tok-1',
      'api.example/moved Bearer tok-2',
    ])
  })
})
