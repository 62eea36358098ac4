import { expect, it } from 'vitest'
import { type ConnectionOptions, createClient, type KubeResponse } from '../../src/index.ts'

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
