import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished } from 'vitest'
// By its path: core is below the testing package, and a dependency on it would be a cycle.
import { createCertificateAuthority } from '../../../testing/src/certificates.ts'
import type { Client, ClientConfig, ConnectionOptions, Transport } from '../../src/index.ts'
import { listenSilently, type Proxy, type ProxyScheme, proxySchemes, startProxy } from './proxies.ts'
import { type ScriptedServer, useServer } from './scripted-server.ts'
import { connectionTo, entries, type Entry } from './transports.ts'

/** How requests travel: by which entry of the package, over what, through which proxy, to which loopback. */
export interface Way extends Entry {
  readonly tls: boolean
  readonly via: ProxyScheme | undefined
  readonly host: '127.0.0.1' | '::1'
}

type Titled = readonly [title: string, way: Way]

const proxies = [undefined, ...proxySchemes]

/**
 * Every transport with every proxy, with and without TLS, the two loopbacks in turn: each pair of these is met. A fetch takes
 * no proxy.
 */
export const ways: readonly Titled[] = entries.flatMap((entry) =>
  proxies.flatMap((via, number) =>
    via !== undefined && !entry.ownsConnections
      ? []
      : [wayOf(entry, via, false, number % 2 === 0), wayOf(entry, via, true, number % 2 === 1)],
  ),
)

/** Those whose connections are ours: only they can be counted and configured. */
export const ownWays: readonly Titled[] = ways.filter(([, { ownsConnections }]) => ownsConnections)

function wayOf(entry: Entry, via: ProxyScheme | undefined, tls: boolean, ipv4: boolean): Titled {
  const host = ipv4 ? '127.0.0.1' : '::1'
  const proxy = via === undefined ? 'directly' : `through a proxy of ${via}`
  return [`${entry.name}, ${tls ? 'https' : 'http'} to ${host} ${proxy}`, { ...entry, via, tls, host }]
}

const [cluster, runtime] = await Promise.all([
  createCertificateAuthority({ commonName: 'cluster' }),
  createCertificateAuthority({ commonName: 'trusted by the runtime' }),
])
const sans = ['127.0.0.1', '::1']
const [ofCluster, ofRuntime] = await Promise.all([
  cluster.issue({ commonName: 'kube-apiserver', sans }),
  runtime.issue({ commonName: 'whoever', sans }),
])

/** A server at the end of a way, and all that leads there. */
export interface Travel {
  readonly api: ScriptedServer
  /** A second server, with the same certificate. */
  readonly elsewhere: ScriptedServer
  /** Ends with the test. */
  readonly connect: (more?: Partial<ConnectionOptions>) => Transport
  /** Ends with the test. */
  readonly client: (more?: Partial<ClientConfig>) => Client
  /** A transport whose first hop takes connections and says nothing. */
  readonly connectToSilence: (more: Partial<ConnectionOptions>) => Promise<Transport>
}

/** Servers for each test of a block. What reaches them past the proxy fails the test. */
export function useWay({ factory, createClient, ownsConnections, tls, via, host }: Way): Travel {
  const certificate = ownsConnections ? ofCluster : ofRuntime
  const api = useServer(() => (tls ? certificate : undefined), host)
  const elsewhere = useServer(() => (tls ? certificate : undefined), host)
  const ca = tls && ownsConnections ? { ca: cluster.cert } : {}
  let proxy: Proxy | undefined
  useRuntimeCa(runtime.cert)
  beforeEach(async () => {
    proxy = via && (await startProxy(via, { identity: ofRuntime }))
  })
  afterEach(() => {
    if (proxy !== undefined)
      expect(proxy.targets.length).toBeGreaterThanOrEqual(api.connections + elsewhere.connections)
  })

  const open = (server: string, more: Partial<ConnectionOptions>): Transport => {
    const way = proxy === undefined ? ca : { ...ca, proxy: new URL(proxy.url) }
    const transport = factory(connectionTo(server, { ...way, ...more }))
    onTestFinished(() => transport.close(new Error('the test is over')))
    return transport
  }

  return {
    api,
    elsewhere,
    connect: (more = {}) => open(api.url, more),
    client(more = {}) {
      // Through a proxy loopback is another machine's; these are not, and tell nobody.
      const way = proxy === undefined ? {} : { proxy: proxy.url, allowInsecureCredentials: true }
      const client = createClient({ server: api.url, tls: ca, ...way, ...more })
      onTestFinished(() => client.close())
      return client
    },
    async connectToSilence(more) {
      if (proxy === undefined) return open(`https://127.0.0.1:${await listenSilently()}`, more)
      const silent = new URL(proxy.url)
      silent.port = String(await listenSilently())
      return open(api.url, { ...more, proxy: silent })
    },
  }
}

/** Makes this process trust a CA as it trusts those of the system: what a fetch and an https proxy are verified against. */
export function useRuntimeCa(ca: string): void {
  const before = getCACertificates('default')
  beforeAll(() => setDefaultCACertificates([...before, ca]))
  afterAll(() => setDefaultCACertificates(before))
}
