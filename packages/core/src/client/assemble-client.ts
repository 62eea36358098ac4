import type { ClientConfig, Timeouts } from '../spec/client-config.ts'
import type { Handler, Middleware } from '../spec/middleware.ts'
import type { ConnectionOptions, TransportFactory } from '../spec/transport.ts'
import type { RequestDefaults } from '../request/place.ts'
import { lazyDiscovery } from '../discovery/lazy-discovery.ts'
import type { FetchDocument } from '../discovery/discover.ts'
import { authenticate, type SendAs } from '../transport/authenticate.ts'
import { CredentialCache } from '../transport/cache-credentials.ts'
import { Connections } from '../transport/connections.ts'
import { userAgent } from '../transport/user-agent.ts'
import type { CredentialFetcher, CredentialFetchOptions } from '../transport/credential-fetch.ts'
import { firstLine } from '../transport/first-line.ts'
import { followRedirects } from '../transport/follow-redirects.ts'
import { retry, type RetryLayerEffects } from '../transport/retry.ts'
import { sentSecrets } from '../transport/sent-secrets.ts'
import { reportWarnings } from '../transport/warnings.ts'
import { WritesUnderWay } from '../transport/writes-under-way.ts'
import { type CheckedConfig, checkConfig, refuseOther } from './check-config.ts'
import { checkedMiddleware } from './checked-middleware.ts'
import type { Client } from './client.ts'
import { impersonationHeaders } from './impersonation-headers.ts'
import { KubeClient } from './kube-client.ts'
import { rawRequest } from './raw-request.ts'
import { readObject, Session } from './session.ts'

/** What an entry point brings: the effects of its runtime. */
export interface Platform {
  readonly transport: TransportFactory
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** From 0 to below 1. */
  readonly random: () => number
  /** Waits; rejects with the signal's reason. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** The proxy on the way to an origin, by {@link ClientConfig.proxy}. @throws {@link ConfigError} */
  readonly proxyFor: (origin: URL, setting: string | URL | false) => URL | undefined
}

/** The one place where the parts meet. Opens nothing. @throws {@link ConfigError} */
export function assembleClient(config: ClientConfig, platform: Platform): Client {
  refuseOther(config)
  const checked = checkConfig(config)
  const session = openSession(config, checked, platform)
  const { namespace = 'default', fieldManager = 'kubeclient', impersonate } = config
  const defaults = { pathPrefix: session.server.pathname.replace(/\/+$/, ''), namespace, fieldManager, headers: {} }
  const fetch = documentFetcher(session, { ...defaults, headers: impersonationHeaders(impersonate) })
  const discovery = lazyDiscovery({ fetch, now: platform.now, server: session.server, cache: config.discoveryCache })
  const { checkUser } = checked
  return new KubeClient({ session, discovery, defaults, impersonate, checkUser, headers: {} })
}

function openSession(config: ClientConfig, { server, provider, guard }: CheckedConfig, platform: Platform): Session {
  const { proxy = 'env' } = config
  const timeouts = withDefaults(config.timeouts)
  const proxyFor = (origin: URL): URL | undefined => platform.proxyFor(origin, proxy)
  const connections = openConnections(config, server, { timeouts, proxyFor, platform })
  const closing = new AbortController()
  const fetcher = lazyFetcher({ factory: platform.transport, proxyFor, timeouts }, closing.signal)
  const underWay = new WritesUnderWay()
  const { now, random, sleep } = platform
  const sleepUntilClosed = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
    sleep(ms, signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]))
  const effects = { now, random, sleep: sleepUntilClosed }
  const cache = provider && new CredentialCache(provider, { fetch: fetcher.fetch, now: platform.now })
  return new Session({
    server,
    send: compose(
      [...layers(config, server, { effects, underWay }), ...guard, redirects(connections, config, server)],
      authenticate(cache, underWay.watching(sendOver(connections, config))),
    ),
    underWay,
    effects,
    secrets: () => cache?.secrets ?? [],
    close: async (reason) => {
      closing.abort(reason)
      cache?.close(reason)
      await Promise.all([connections.close(reason), fetcher.close(reason)])
    },
  })
}

/** The first sees the request first and the response last. */
function compose(middleware: readonly Middleware[], send: Handler): Handler {
  return middleware.reduceRight<Handler>((next, layer) => (request) => layer(request, next), send)
}

interface Surroundings {
  readonly effects: RetryLayerEffects
  readonly underWay: WritesUnderWay
}

/** What every request passes before it is given credentials. */
function layers(
  { middleware = [], onWarning, userAgent: product, ...config }: ClientConfig,
  server: URL,
  { effects, underWay }: Surroundings,
): Middleware[] {
  return [
    ...middleware.map((layer, index) => checkedMiddleware(layer, index, underWay)),
    ...(onWarning === undefined ? [] : [reportWarnings(server, onWarning)]),
    userAgent(product),
    ...(config.retry === false ? [] : [retry(config.retry ?? {}, effects)]),
  ]
}

/** Steps within the server's origin are given credentials, each of its own accord; those to another origin are not. */
function redirects(connections: Connections, { maxRedirects = 10 }: ClientConfig, server: URL): Middleware {
  return followRedirects({
    server,
    maxRedirects,
    elsewhere: (origin, request) => {
      sentSecrets(request)?.note([])
      return connections.sendElsewhere(origin, request)
    },
  })
}

function sendOver(connections: Connections, { tls }: ClientConfig): SendAs {
  return (request, credentials) => connections.send(request, credentials?.clientCertificate ?? tls?.clientCertificate)
}

/** Most providers fetch nothing: a cold start does not pay for it. */
function lazyFetcher(options: CredentialFetchOptions, closed: AbortSignal): CredentialFetcher {
  let loading: Promise<CredentialFetcher> | undefined
  const load = async (): Promise<CredentialFetcher> => {
    const { credentialFetcher } = await import('../transport/credential-fetch.ts')
    return credentialFetcher(options)
  }
  return {
    async fetch(input, init) {
      loading ??= load()
      const fetcher = await loading
      closed.throwIfAborted()
      return fetcher.fetch(input, init)
    },
    async close(reason) {
      await (await loading)?.close(reason)
    },
  }
}

interface Ways {
  readonly timeouts: Required<Pick<ConnectionOptions, 'connectMs' | 'responseMs'>>
  readonly proxyFor: (origin: URL) => URL | undefined
  readonly platform: Platform
}

function openConnections(config: ClientConfig, server: URL, { timeouts, proxyFor, platform }: Ways): Connections {
  const { tls, http2 = false, transport = platform.transport } = config
  proxyFor(server) // refuses a malformed one now rather than at the first request
  const serverName = tls?.serverName === undefined ? {} : { serverName: tls.serverName }
  const insecureSkipVerify = tls?.insecureSkipVerify ?? false
  const base = { server, insecureSkipVerify, http2, ...timeouts, ...serverName }
  return new Connections({ ca: tls?.ca, factory: transport, proxyFor, now: platform.now, base })
}

/** The server's own limit for a unary call is 60 s. */
function withDefaults({ connectMs = 30_000, responseMs = 70_000 }: Timeouts = {}): Ways['timeouts'] {
  return { connectMs, responseMs }
}

/** Discovery is asked as the client's own user, whoever `with()` impersonates. */
function documentFetcher(session: Session, defaults: RequestDefaults): FetchDocument {
  return (path, accept, etag) => {
    const headers = { accept, ...(etag !== undefined && { 'if-none-match': etag }) }
    return session.call(
      () => rawRequest({ path, headers }, defaults),
      {},
      async (response, context) => {
        const notModified = response.status === 304
        return {
          notModified,
          contentType: firstLine(response.headers['content-type']),
          etag: firstLine(response.headers['etag']),
          json: notModified ? undefined : await readObject(response, context),
        }
      },
    )
  }
}
