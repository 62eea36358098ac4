import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { env } from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ControlPlane } from '../../../testing/src/control-plane/control-plane.ts'
import { startControlPlane } from '../../../testing/src/control-plane/start-control-plane.ts'
import { type ClientConfig, createClient, type KubeObject, type ResourceDescriptor } from '../../src/index.ts'

interface ConfigMap extends KubeObject {
  data?: Record<string, string>
}
const ConfigMap: ResourceDescriptor<ConfigMap> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
}

interface Relay {
  readonly server: string
  connections: number
  bytes: number
  stop(): void
}

/** Passes everything on, and counts connections and what the server says. */
async function startRelay(target: string): Promise<Relay> {
  const sockets = new Set<Socket>()
  const relay = createServer((client) => {
    counted.connections += 1
    const server = connect(Number(new URL(target).port), '127.0.0.1')
    for (const socket of [client, server]) sockets.add(socket)
    server.on('data', (chunk) => {
      counted.bytes += chunk.length
    })
    client.on('error', () => server.destroy()).pipe(server)
    server.on('error', () => client.destroy()).pipe(client)
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const { port } = relay.address() as AddressInfo // listening on TCP
  const counted: Relay = {
    server: `https://127.0.0.1:${port}`,
    connections: 0,
    bytes: 0,
    stop() {
      relay.close()
      for (const socket of sockets) socket.destroy()
    },
  }
  return counted
}

describe.runIf(env['KUBEBUILDER_ASSETS'])('a kube-apiserver that says GOAWAY now and then', { timeout: 60_000 }, () => {
  let controlPlane: ControlPlane
  let relay: Relay
  let config: ClientConfig

  beforeAll(async () => {
    controlPlane = await startControlPlane({ apiServerArgs: ['--goaway-chance=0.02'] })
    relay = await startRelay(String(controlPlane.config.server))
    config = { ...controlPlane.config, server: relay.server, http2: true, retry: false, proxy: false }
  }, 90_000)
  afterAll(async () => {
    relay.stop()
    await controlPlane.stop()
  })

  it('fails none of 600 calls, one after the other, without a retry', async () => {
    await using client = createClient(config)
    const before = relay.connections
    for (let count = 0; count < 600; count += 1) await client.version()
    // Over HTTP/1.1 it would be one: the server says GOAWAY to HTTP/2 only.
    expect(relay.connections - before).toBeGreaterThan(1)
  })

  it('fails none of 600 calls, 100 at once, and none of 300 writes', async () => {
    await using client = createClient(config)
    const before = relay.connections
    for (let round = 0; round < 6; round += 1) {
      await Promise.all(Array.from({ length: 100 }, () => client.version()))
    }
    const configMaps = client.resource(ConfigMap)
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(
        Array.from({ length: 100 }, (_, number) =>
          configMaps.create({ metadata: { name: `write-${round}-${number}` } }),
        ),
      )
    }
    expect(relay.connections - before).toBeLessThan(100)
    const { items } = await configMaps.list()
    expect(items.filter(({ metadata }) => metadata.name.startsWith('write-'))).toHaveLength(300)
  })

  it('keeps 150 watches open beside other calls', async () => {
    await using client = createClient(config)
    const configMaps = client.resource(ConfigMap)
    await configMaps.create({ metadata: { name: 'watched' } })
    const before = relay.connections
    const seen = await Promise.all(
      Array.from({ length: 150 }, async () => {
        for await (const { type, object } of configMaps.watch({ name: 'watched' })) return [type, object.metadata.name]
        return undefined
      }),
    )
    expect(seen).toEqual(Array.from({ length: 150 }, () => ['ADDED', 'watched']))
    expect(relay.connections - before).toBeLessThan(50)
  })

  it('is told each impersonated group as one', async () => {
    await using client = createClient({ ...config, impersonate: { user: 'jane', groups: ['a', 'b, c'] } })
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
    const response = await client.request({ method: 'POST', path, body: review })
    const { status } = await response.json<{ status: { userInfo: { username: string; groups: string[] } } }>()
    expect(status.userInfo).toMatchObject({ username: 'jane', groups: ['a', 'b, c', 'system:authenticated'] })
  })

  it('compresses a list of more than 128 KiB, and no watch', async () => {
    const encodings: unknown[] = []
    await using client = createClient({
      ...config,
      middleware: [
        async (request, next) => {
          const response = await next(request)
          encodings.push(response.headers['content-encoding'])
          return response
        },
      ],
    })
    const configMaps = client.resource(ConfigMap)
    const text = 'a line of it\n'.repeat(40_000)
    await configMaps.create({ metadata: { name: 'large', labels: { size: 'large' } }, data: { text } })
    const before = relay.bytes
    const { items } = await configMaps.list({ labelSelector: 'size=large' })
    expect(items[0]?.data?.['text']).toBe(text)
    expect(relay.bytes - before).toBeLessThan(text.length / 10)
    for await (const { object } of configMaps.watch({ name: 'large' })) {
      expect(object.data?.['text']).toBe(text)
      break
    }
    expect(encodings).toEqual(['gzip', 'gzip', undefined])
  })
})
