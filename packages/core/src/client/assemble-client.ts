import type { ClientConfig } from '../spec/client-config.ts'
import type { CredentialFetch } from '../spec/credentials.ts'
import type { Middleware } from '../spec/middleware.ts'
import type { TransportFactory } from '../spec/transport.ts'
import type { RequestDefaults } from '../request/place.ts'
import { createDiscovery } from '../discovery/create-discovery.ts'
import type { FetchDocument } from '../discovery/discover.ts'
import { authenticate, type SendAs } from '../transport/authenticate.ts'
import { CredentialCache } from '../transport/cache-credentials.ts'
import { chooseProxy, type Environment } from '../transport/choose-proxy.ts'
import { compose } from '../transport/compose.ts'
import { Connections } from '../transport/connections.ts'
import { userAgent } from '../transport/user-agent.ts'
import { followRedirects } from '../transport/follow-redirects.ts'
import { readJson } from '../transport/read-response.ts'
import { retry } from '../transport/retry.ts'
import { sleep } from '../transport/sleep.ts'
import { reportWarnings } from '../transport/warnings.ts'
import { type CheckedConfig, checkConfig } from './check-config.ts'
import type { Client } from './client.ts'
import { impersonationHeaders } from './impersonation-headers.ts'
import { KubeClient } from './kube-client.ts'
import { rawRequest } from './raw-request.ts'
import { Session } from './session.ts'

/** What an entry point brings: the effects of its runtime. */
export interface Platform {
  readonly transport: TransportFactory
  readonly credentialFetch: () => CredentialFetcher
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** From 0 to below 1. */
  readonly random: () => number
  /** For `proxy: 'env'`, and for nothing else. */
  readonly env: Environment
}

/** A fetch for credential providers, with connections of its own. */
export interface CredentialFetcher {
  readonly fetch: CredentialFetch
  close(): Promise<void>
}

/** The one place where the parts meet. Opens nothing. @throws {@link ConfigError} */
export function assembleClient(config: ClientConfig, platform: Platform): Client {
  const session = openSession(config, checkConfig(config), platform)
  const { namespace = 'default', fieldManager = 'kubeclient', impersonate } = config
  const defaults = { pathPrefix: session.server.pathname.replace(/\/+$/, ''), namespace, fieldManager, headers: {} }
  const fetch = documentFetcher(session, { ...defaults, headers: impersonationHeaders(impersonate) })
  const discovery = createDiscovery({ fetch, now: platform.now })
  return new KubeClient({ session, discovery, defaults, impersonate, headers: {} })
}

function openSession(config: ClientConfig, { server, provider }: CheckedConfig, platform: Platform): Session {
  const connections = openConnections(config, server, platform)
  const fetcher = platform.credentialFetch()
  const cache = provider && new CredentialCache(provider, { fetch: fetcher.fetch, now: platform.now })
  return new Session({
    server,
    send: compose(layers(config, server, platform), authenticate(cache, sendOver(connections, config, server))),
    secrets: () => cache?.secrets ?? [],
    close: async (reason) => {
      cache?.close(reason)
      await Promise.all([connections.close(reason), fetcher.close()])
    },
  })
}

/** What every request passes before it is given credentials. */
function layers(
  { middleware = [], onWarning, userAgent: product, ...config }: ClientConfig,
  server: URL,
  platform: Platform,
): Middleware[] {
  const { now, random } = platform
  return [
    ...middleware,
    ...(onWarning === undefined ? [] : [reportWarnings(server, onWarning)]),
    userAgent(product),
    ...(config.retry === false ? [] : [retry(config.retry ?? {}, { now, random, sleep })]),
  ]
}

/** What a request passes after it was given credentials. */
function sendOver(connections: Connections, { tls, maxRedirects = 10 }: ClientConfig, server: URL): SendAs {
  const follow = followRedirects({
    server,
    maxRedirects,
    elsewhere: (origin, request) => connections.sendElsewhere(origin, request),
  })
  return (request, credentials) => {
    const certificate = credentials?.clientCertificate ?? tls?.clientCertificate
    return follow(request, (hop) => connections.send(hop, certificate))
  }
}

function openConnections(config: ClientConfig, server: URL, platform: Platform): Connections {
  const { tls, timeouts, http2 = false, transport, proxy = 'env' } = config
  chooseProxy(server, proxy, platform.env) // refuses a malformed one now rather than at the first request
  return new Connections({
    ca: tls?.ca,
    factory: transport ?? platform.transport,
    proxyFor: (origin) => chooseProxy(origin, proxy, platform.env),
    now: platform.now,
    base: {
      server,
      insecureSkipVerify: tls?.insecureSkipVerify ?? false,
      connectMs: timeouts?.connectMs ?? 30_000,
      responseMs: timeouts?.responseMs ?? 70_000, // the server's own limit is 60 s
      http2,
      ...(tls?.serverName !== undefined && { serverName: tls.serverName }),
    },
  })
}

/** Discovery is asked as the client's own user, whoever `with()` impersonates. */
function documentFetcher(session: Session, defaults: RequestDefaults): FetchDocument {
  return (path, accept) =>
    session.call(
      () => rawRequest({ path, headers: { accept } }, defaults),
      {},
      async (response, context) => {
        const header = response.headers['content-type']
        return {
          contentType: typeof header === 'string' ? header : header?.[0],
          json: await readJson(response, context),
        }
      },
    )
}
